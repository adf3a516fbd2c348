extension `CEL is kept` {
    static let basics = #"""
        0 => 0
        42 => 42
        -17 => -17
        9223372036854775807 => 9223372036854775807
        -9223372036854775808 => -9223372036854775808
        0x55 => 85
        -0xff => -255
        0x7fffffffffffffff => 9223372036854775807
        -0x8000000000000000 => -9223372036854775808
        1.5 => 1.5
        .5 => 0.5
        2e2 => 200
        -1.25E-2 => -0.0125
        true => true
        false => false
        null => null
        '' => ""
        "x" => "x"
        [] => []
        [1, 2] => [1, 2]
        {} => {}
        {'k': 1} => {"k": 1}
        {true: 'y'}[true] => "y"
        1 + 1 == 2 => true
        !(2 > 3) => true
        nothing => !unknown-name
        nothing() => !unknown-name
        1 + true => !type
        """#

    static let integers = #"""
        40 + 2 => 42
        42 - 17 => 25
        -6 * 7 => -42
        7 / 2 => 3
        -7 / 2 => -3
        7 / -2 => -3
        7 % 2 => 1
        -7 % 2 => -1
        7 % -2 => 1
        -(-5) => 5
        --5 => 5
        20 / 2 * 5 => 50
        2 + 3 * 4 - 1 => 13
        17 / 0 => !division-by-zero
        17 % 0 => !division-by-zero
        9223372036854775807 + 1 => !overflow
        -9223372036854775808 - 1 => !overflow
        5000000000 * 5000000000 => !overflow
        -(-9223372036854775808) => !overflow
        -9223372036854775808 / -1 => !overflow
        -9223372036854775808 % -1 => !overflow
        9223372036854775808 => !overflow
        -9223372036854775809 => !overflow
        0x10000000000000000 => !overflow
        """#

    static let decimals = #"""
        1.5 + 2.25 => 3.75
        0.1 + 0.2 == 0.3 => true
        1.0 - 0.9 => 0.1
        1.5 * -2 => -3
        -1.5 => -1.5
        1 + 0.5 => 1.5
        0.5 + 1 => 1.5
        1.10 => 1.1
        99999999999999.9999 + 0.0001 => 100000000000000
        1.0 / 3.0 => !division-rounding
        1.5 / 2 => !division-rounding
        round(1.0 / 3.0, 4) => 0.3333
        round(10 / 4, 1) => 2
        round(10.0 / 4, 1) => 2.5
        round(1.0 / 0, 2) => !division-by-zero
        1.5 % 1.0 => !type
        1e38 * 10.0 => !overflow
        1e400 => !overflow
        """#

    static let comparisons = #"""
        1 == 1 => true
        1 == 2 => false
        1 == 1.0 => true
        1.5 == 1.50 => true
        1 != 1.5 => true
        'abc' == 'abc' => true
        'abc' == 'ABC' => false
        'ίσος' == 'ίσος' => true
        '\u00e9' == 'e\u0301' => false
        '' == '' => true
        true == false => false
        null == null => true
        null != null => false
        [] == [] => true
        [1, 2] == [1, 2] => true
        [1, 2] == [2, 1] => false
        [1, 2] == [1.0, 2.0] => true
        [[1]] == [[1]] => true
        {} == {} => true
        {'a': 1, 'b': 2} == {'b': 2, 'a': 1} => true
        {'a': 1} == {'a': 2} => false
        {'a': 1} != {'b': 1} => true
        1 == 'a' => !type
        null == 1 => !type
        [1] == ['a'] => !type
        1 < 2 => true
        2 < 1 => false
        1 < 1.5 => true
        2.5 >= 2 => true
        9007199254740993 > 9007199254740992.0 => true
        'a' < 'b' => true
        'abc' < 'abd' => true
        'a' < 'aa' => true
        'Abc' <= 'aBC' => true
        '\U0001F431' > '\uFFFD' => true
        false < true => true
        true < true => false
        1 < true => !type
        [1] < [2] => !type
        1 in [1, 2] => true
        3 in [1, 2] => false
        1 in [] => false
        1.0 in [1, 2] => true
        'a' in {'a': 1} => true
        'b' in {'a': 1} => false
        1 in {1: 'x'} => true
        'a' in ['b', 'a'] => true
        'a' in 'abc' => !type
        """#

    static let logic = #"""
        true && true => true
        true && false => false
        false || true => true
        false || false => false
        !true => false
        !!true => true
        true && 'x' => !type
        1 / 0 == 1 || true => true
        true || 1 / 0 == 1 => true
        1 / 0 == 1 && false => false
        false && 1 / 0 == 1 => false
        1 / 0 == 1 || false => !division-by-zero
        false || 1 / 0 == 1 => !division-by-zero
        true && 1 / 0 == 1 => !division-by-zero
        1 / 0 == 1 && true => !division-by-zero
        true ? 1 : 2 => 1
        false ? 'foo' : 'bar' => "bar"
        true ? 1 : 1 / 0 => 1
        false ? 1 / 0 : 2 => 2
        1 / 0 == 1 ? 1 : 2 => !division-by-zero
        true ? 1 : 'a' => !type
        1 ? 2 : 3 => !type
        true ? false ? 1 : 2 : 3 => !syntax
        false ? 1 : false ? 2 : 3 => 3
        (true ? 2 : 3) + 1 => 3
        """#

    static let literals = #"""
        'hello' => "hello"
        "hello" => "hello"
        '''hello''' => "hello"
        """it's "so" easy""" => "it's \"so\" easy"
        'it\'s' => "it's"
        "a \"b\"" => "a \"b\""
        '\a\b\f\n\r\t\v' => "\u0007\u0008\u000c\n\r\t\u000b"
        '\\ \? \" \' \`' => "\\ ? \" ' `"
        '\x41\X42\u00e4\U0001F431' => "ABä🐱"
        '\101\012\177' => "A\n\u007f"
        '\377' => "ÿ"
        r'\d\n' => "\\d\\n"
        R"a\"b" => !syntax
        r'''a'b''' => "a'b"
        '\z' => !syntax
        '\u12' => !syntax
        '\ud800' => !syntax
        '\U00110000' => !syntax
        '\400' => !syntax
        '\09' => !syntax
        'open => !syntax
        '''open' => !syntax
        b'x' => !syntax
        1u => !syntax
        1x => !syntax
        0xg => !syntax
        1.e => !type
        """#

    static let grammar = #"""
        ((((((((((((((((((((((((((((((((7)))))))))))))))))))))))))))))))) => 7
        size([[[[[[[[[[[[0]]]]]]]]]]]]) => 1
        {0: {0: {0: {0: {0: {0: {0: 'x'}}}}}}}[0][0][0][0][0][0][0] => "x"
        !!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!true => true
        --------------------------------19 => 19
        true ? 1 : true ? 2 : true ? 3 : true ? 4 : true ? 5 : true ? 6 : true ? 7 : 8 => 1
        1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 - 1 + 1 => 1
        int(int(int(int(int(int(int(int(int(int(int(int(7)))))))))))) => 7
        [1, 2,] => [1, 2]
        {'a': 1,} => {"a": 1}
        [,] => !syntax
        {,} => !syntax
        size([1],) => !syntax
        1 + // a comment => !syntax
        (1) => 1
        1 +	2 => 3
        [1, 2][0] => 1
        {'in': 1}.in => !syntax
        {'for': 1}.for => 1
        {'if': 1}.?if.value() => 1
        {'a-b': 2}.`a-b` => 2
        {'a b/c.d': 2}.`a b/c.d` => 2
        `a` => !syntax
        if => !syntax
        while + 1 => !syntax
        .5 + .5 => 1
        1 2 => !syntax
        (1 => !syntax
        1) => !syntax
        [1 => !syntax
        Name{a: 1} => !syntax
        1 = 1 => !syntax
        true & true => !syntax
        true | true => !syntax
        1 + => !syntax
        -1.5.size() => !arguments
        """#

    static let lists = #"""
        [1, 2] + [3] => [1, 2, 3]
        [] + [1] => [1]
        [1] + [] => [1]
        [] + [] => []
        ['a'] + ['b', 'c'] => ["a", "b", "c"]
        [1] + ['a'] => !type
        [7, 8, 9][0] => 7
        [7, 8, 9][2] => 9
        [7, 8, 9][3] => !index
        [7, 8, 9][-1] => !index
        ['x']['x'] => !type
        [[1, 2], [3]][1][0] => 3
        [1, 'a'] => !type
        [1, 2.5] => [1, 2.5]
        [[], [1]] => [[], [1]]
        size([1, 2]) => 2
        [].size() => 0
        [1].foo => !type
        [1][?0].value() => 1
        [null, null] => [null, null]
        """#

    static let maps = #"""
        {0: 1, 2: 2}[2] => 2
        {'name': 100}['name'] => 100
        {'name': 100}.name => 100
        {true: 1, false: 2}[false] => 2
        {0: 1}[1] => !index
        {'a': 1}.b => !index
        {'a': 1}['b'] => !index
        {1: 'a'}[1.0] => "a"
        {1: 'a'}['a'] => !type
        {1: 'a'}.a => !type
        {'a': 1, 'a': 2} => !arguments
        {1.5: 'a'} => !type
        {'a': 1, 2: 'b'} => !type
        {'a': 1, 'b': 'c'} => !type
        {'a': 1, 'b': 2.5} => {"a": 1, "b": 2.5}
        {'map': {'k': 'v'}}['map'].k => "v"
        {true: null}[true] => null
        {27: false}[27] => false
        size({'a': 1, 'b': 2}) => 2
        {}.size() => 0
        has({'a': 1}.a) => true
        has({'a': 1}.b) => false
        has({'a': {'b': 1}}.a.b) => true
        has({'a': {'b': 1}}.a.c) => false
        has({'a': {'b': 1}}.x.c) => !index
        has({}.a) => false
        has(1) => !arguments
        has([1][0]) => !arguments
        """#

    static let optionals = #"""
        has({'a': optional.none()}.a) => true
        has({'a': optional.none()}.b) => false
        cel.bind(m, {'a': optional.none()}, has(m.a) && m.a == 1) => false
        cel.bind(m, {'a': optional.none()}, has(m.a) ? m.a + 1 : 0) => !absent-value
        optional.of(null).hasValue() => true
        optional.ofNonZeroValue(null).hasValue() => false
        optional.of(42).value() => 42
        optional.of(42) => 42
        optional.none() => null
        optional.none().hasValue() => false
        optional.none().value() => !no-value
        optional.none().orValue(42) => 42
        optional.none().or(optional.none()).orValue(42) => 42
        optional.of(1).or(optional.of(2)).value() => 1
        optional.ofNonZeroValue(0).or(optional.of(20)).value() => 20
        optional.ofNonZeroValue('').hasValue() => false
        optional.ofNonZeroValue([]).hasValue() => false
        optional.ofNonZeroValue({}).hasValue() => false
        optional.ofNonZeroValue(0.0).hasValue() => false
        optional.ofNonZeroValue(duration('0s')).hasValue() => false
        optional.ofNonZeroValue(1.5).value() => 1.5
        optional.none().optMap(y, y + 1).hasValue() => false
        optional.of(42).optMap(y, y + 1).value() => 43
        {}.?key.optFlatMap(k, k.?subkey).hasValue() => false
        {'key': {}}.?key.optFlatMap(k, k.?subkey).hasValue() => false
        {'key': {'subkey': 'v'}}.?key.optFlatMap(k, k.?subkey).value() => "v"
        {'key': {'subkey': ''}}.?key.optFlatMap(k, optional.ofNonZeroValue(k.subkey)).hasValue() => false
        {}.?null_key.invalid.hasValue() => false
        (has({}.x) ? optional.of({}.x) : optional.none()).hasValue() => false
        {}.?x.hasValue() => false
        has({}.?x.y) => false
        has({'x': {'y': 'z'}}.?x.y) => true
        {'c': {'dashed-index': 'bye'}}.c[?'dashed-index'].orValue('none') => "bye"
        {'c': {}}.c[?'missing'].orValue('none') => "none"
        optional.of({'c': {'index': 'bye'}}).c.index.orValue('none') => "bye"
        optional.of({'c': {}}).c.missing.or(optional.none()[0]).orValue('none') => "none"
        optional.of({'c': {}}).c.missing.or(optional.of(['item'])[0]).orValue('none') => "item"
        optional.of({'c': {'index': 'bye'}}).c['index'].orValue('none') => "bye"
        optional.of({'c': {}}).c['missing'].orValue('none') => "none"
        has(optional.of({'c': {'e': 'x'}}).c) && !has(optional.of({'c': {'e': 'x'}}).c.missing) => true
        optional.ofNonZeroValue({'c': {'d': 'x'}}.a.z).orValue('y') => !index
        {'c': {'d': 'goodbye'}}.?c.missing.or({'c': {'d': 'goodbye'}}.?c['d']).orValue('').size() => 7
        {?'n': optional.ofNonZeroValue({?'m': {'c': {'d': 'x'}}.?c})} => {"n": {"m": {"d": "x"}}}
        {?'n': optional.ofNonZeroValue({?'m': {}.?c})} => {}
        [?{}.?c, ?optional.of(42), ?optional.none()] => [42]
        [1, ?optional.of(2), 3] => [1, 2, 3]
        [?1] => !type
        {?'a': 1} => !type
        optional.of({}).?c.hasValue() => false
        optional.none().?c.hasValue() => false
        [][?0].hasValue() => false
        optional.of([])[?0].hasValue() => false
        optional.none()[?0].hasValue() => false
        ['foo'][?0].value() => "foo"
        ['foo'][?1].hasValue() => false
        optional.of(['foo'])[?0].value() => "foo"
        {true: 1, false: 2}[?true].value() => 1
        optional.none() == optional.none() => true
        optional.none() == optional.of(1) => false
        optional.of(1) == optional.of(1) => true
        optional.of(1) != optional.of(1) => false
        optional.of(1) + 1 => !absent-value
        optional.of('a').size() => !absent-value
        optional.of(1).optFlatMap(x, x) => !type
        """#
}
