extension `CEL is kept` {
    static let macros = #"""
        [1, 2, 3].exists(e, e > 0) => true
        [1, 2, 3].exists(e, e == 2) => true
        [1, 2, 3].exists(e, e > 3) => false
        [1, 2, 3].exists(e, e / 0 == 17) => !division-by-zero
        [1, 2, 3].exists(e, 6 / (e - 1) == 6) => true
        [].exists(e, e == 2) => false
        {'key1': 1, 'key2': 2}.exists(k, k == 'key2') => true
        !{'key1': 1}.exists(k, k == 'key3') => true
        [1, 2, 3].all(e, e > 0) => true
        [1, 2, 3].all(e, e == 2) => false
        [1, 2, 3].all(e, 6 / (2 - e) == 6) => false
        [1, 2, 3].all(e, e / 0 != 17) => !division-by-zero
        [].all(e, e > 0) => true
        {'key1': 1, 'key2': 2}.all(k, k == 'key2') => false
        [].exists_one(a, a == 7) => false
        [7].exists_one(a, a == 7) => true
        [6, 7, 8].exists_one(foo, foo % 5 == 2) => true
        [0, 1, 2, 3, 4].exists_one(n, n % 2 == 1) => false
        [6, 7].existsOne(n, n == 6) => true
        [3, 2, 1, 0].exists_one(n, 12 / n > 1) => !division-by-zero
        {6: 'six', 7: 'seven'}.exists_one(foo, foo % 5 == 2) => true
        [].map(n, n / 2) => []
        [3].map(n, n * n) => [9]
        [2, 4, 6].map(n, n / 2) => [1, 2, 3]
        [2, 1, 0].map(n, 4 / n) => !division-by-zero
        {1: 1, 2: 4, 3: 9}.map(x, x * x) => [1, 4, 9]
        [1, 2, 3].map(n, n > 1, n * 10) => [20, 30]
        [1, 2].map(x, [3].map(y, x + y)) => [[4], [5]]
        [].filter(n, n % 2 == 0) => []
        [0, 1, 2, 3, 4].filter(x, x % 2 == 1) => [1, 3]
        [1, 2, 3].filter(n, n > 0) => [1, 2, 3]
        [3, 2, 1, 0].filter(n, 12 / n > 4) => !division-by-zero
        {0: 10, 1: 11, 2: 12}.filter(x, x % 2 == 1) => [1]
        [1, 2].map(x, [x].map(x, x * 10)) => [[10], [20]]
        [1].map(1, 2) => !arguments
        [1].map(x.y, 2) => !arguments
        [1].map(x) => !arguments
        1.map(x, x) => !type
        [1].filter(x, x) => !type
        cel.bind(t, true, t) => true
        cel.bind(msg, 'hello', msg + msg) => "hellohello"
        cel.bind(t1, true, cel.bind(t2, true, t1 && t2)) => true
        cel.bind(valid, [1, 2, 3], [3, 4, 5].exists(e, e in valid)) => true
        cel.bind(valid, [1, 2, 3], ![4, 5].exists(e, e in valid)) => true
        cel.bind(a, 1) => !arguments
        """#

    static let twoVariableMacros = #"""
        [1, 2, 3].exists(i, v, i > -1 && v > 0) => true
        [1, 2, 3].exists(i, v, i == 1 && v == 2) => true
        [1, 2, 3].exists(i, v, i > 2 && v > 3) => false
        [1, 2, 3].exists(i, v, v / i == 17) => !division-by-zero
        [].exists(i, v, i == 0 || v == 2) => false
        {'key1': 1, 'key2': 2}.exists(k, v, k == 'key2' && v == 2) => true
        !{'key1': 1}.exists(k, v, k == 'key3' || v == 3) => true
        [1, 2, 3].all(i, v, i > -1 && v > 0) => true
        [1, 2, 3].all(i, v, i == 1 && v == 2) => false
        [1, 2, 3].all(i, v, 6 / (2 - v) == i) => false
        [1, 2, 3].all(i, v, v / i != 17) => !division-by-zero
        [].all(i, v, i > -1 || v > 0) => true
        {'key1': 1, 'key2': 2}.all(k, v, k == 'key2' && v == 2) => false
        [7].existsOne(i, v, i == 0 && v == 7) => true
        [5, 7, 8].existsOne(i, v, v % 5 == i) => true
        [0, 1, 2, 3, 4].existsOne(i, v, v % 2 == i) => false
        [3, 2, 1, 0].existsOne(i, v, v / i > 1) => !division-by-zero
        {6: 'six', 7: 'seven'}.existsOne(k, v, k % 5 == 2 && v == 'seven') => true
        [].transformList(i, v, i / v) => []
        [].transformList(i, v, i > v, i / v) => []
        [3].transformList(i, v, v * v + i) => [9]
        [2, 4, 6].transformList(i, v, v / 2 + i) => [1, 3, 5]
        [2, 4, 6].transformList(i, v, i != 1 && v != 4, v / 2 + i) => [1, 5]
        [2, 1, 0].transformList(i, v, v / i) => !division-by-zero
        {'a': 1, 'b': 2}.transformList(k, v, k + string(v)) => ["a1", "b2"]
        {}.transformMap(k, v, k + v) => {}
        {'foo': 'bar'}.transformMap(k, v, k + v) => {"foo": "foobar"}
        {'foo': 'bar', 'baz': 'bux'}.transformMap(k, v, k != 'baz', k + v) => {"foo": "foobar"}
        {'foo': 2, 'bar': 0}.transformMap(k, v, 4 / v) => !division-by-zero
        ['a', 'b'].transformMap(i, v, v + v) => {"0": "aa", "1": "bb"}
        {'a': 'b'}.transformMapEntry(k, v, {v: k}) => {"b": "a"}
        {'a': 'x', 'b': 'x'}.transformMapEntry(k, v, {v: k}) => !arguments
        {'a': 'b', 'c': 'd'}.transformMapEntry(k, v, k == 'c', {v: k}) => {"d": "c"}
        [1].transformList(i, i, i) => !arguments
        [1].transformMapEntry(k, v, v) => !type
        """#

    static let strings = #"""
        size('') => 0
        size('A') => 1
        size('one two') => 7
        size('πέντε') => 5
        size('🐱😀😛') => 3
        'žš'.size() => 2
        'foobar'.startsWith('foo') => true
        'foobar'.startsWith('bar') => false
        ''.startsWith('') => true
        'foobar'.endsWith('bar') => true
        'foobar'.endsWith('foobarx') => false
        'завтра'.endsWith('тра') => true
        'foobar'.contains('oba') => true
        'foobar'.contains('') => true
        'e\u0301'.contains('e') => true
        'tacocat'.contains('cot') => false
        'a' + 'b' => "ab"
        '' + '' => ""
        'hubba'.matches('ubb') => true
        'cows'.matches('') => true
        ''.matches('(.*)') => true
        'abcd'.matches('bc') => true
        'grey'.matches('gr(a|e)y') => true
        'banana'.matches('ba(na)*') => true
        'mañana'.matches('a+ñ+a+') => true
        '🐱😀😛'.matches('(a|😀){1}') => true
        '4'.matches(r'^\d$') => true
        matches('123', '^[0-9]+$') => true
        'aaa'.matches(r'(a)\1') => !pattern
        'a'.matches('(') => !pattern
        'a'.matches('(?=a)') => !pattern
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('^(a+)+$') => false
        """#

    static let stringExtension = #"""
        'tacocat'.charAt(3) => "o"
        'tacocat'.charAt(7) => ""
        '©αT'.charAt(1) => "α"
        'tacocat'.charAt(30) => !index
        'tacocat'.charAt(-1) => !index
        'tacocat'.indexOf('') => 0
        'tacocat'.indexOf('ac') => 1
        'tacocat'.indexOf('none') => -1
        'tacocat'.indexOf('', 3) => 3
        'tacocat'.indexOf('a', 3) => 5
        'ta©o©αT'.indexOf('©αT', 3) => 4
        'ta©o©αT'.indexOf('©α', 5) => -1
        'hello wello'.indexOf('ello', 6) => 7
        'tacocat'.indexOf('a', 30) => !index
        ''.lastIndexOf('@@') => -1
        'tacocat'.lastIndexOf('') => 7
        'tacocat'.lastIndexOf('at') => 5
        'tacocat'.lastIndexOf('', 3) => 3
        'tacocat'.lastIndexOf('a', 3) => 1
        'ta©o©αT'.lastIndexOf('©') => 4
        'ta©o©αT'.lastIndexOf('©', 3) => 2
        'ta©o©αT'.lastIndexOf('©α', 4) => 4
        'hello wello'.lastIndexOf('ello', 6) => 1
        'bananananana'.lastIndexOf('nana', 7) => 6
        'tacocat'.lastIndexOf('a', -1) => !index
        'tacocat'.lastIndexOf('a', 30) => !index
        'TacoCÆt Xii'.lowerAscii() => "tacocÆt xii"
        'tacoCαt'.upperAscii() => "TACOCαT"
        '12 days'.replace('{0}', '2') => "12 days"
        '{0} days {0} hours'.replace('{0}', '2') => "2 days 2 hours"
        '{0} days {0} hours'.replace('{0}', '2', 1).replace('{0}', '23') => "2 days 23 hours"
        '1 ©αT taco'.replace('αT', 'o©α') => "1 ©o©α taco"
        'hello hello'.replace('he', 'we', 0) => "hello hello"
        'hello hello'.replace('he', 'we', -1) => "wello wello"
        'abc'.replace('', '_') => "_a_b_c_"
        'hello world'.split(' ') => ["hello", "world"]
        'hello world events!'.split(' ', 0) => []
        'hello world events!'.split(' ', 1) => ["hello world events!"]
        'a b c'.split(' ', 2) => ["a", "b c"]
        'o©o©o©o'.split('©', -1) => ["o", "o", "o", "o"]
        'abc'.split('') => ["a", "b", "c"]
        'abc'.split('', 2) => ["a", "bc"]
        ''.split(',') => [""]
        'tacocat'.substring(4) => "cat"
        'tacocat'.substring(7) => ""
        'tacocat'.substring(0, 4) => "taco"
        'tacocat'.substring(4, 4) => ""
        'ta©o©αT'.substring(2, 6) => "©o©α"
        'tacocat'.substring(40) => !index
        'tacocat'.substring(-1) => !index
        'tacocat'.substring(1, 50) => !index
        'tacocat'.substring(4, 3) => !index
        ' \f\n\r\t\vtext  '.trim() => "text"
        '\u0085\u00a0\u1680text'.trim() => "text"
        'text\u2000\u2001\u2002\u2009'.trim() => "text"
        '\u200atext\u2028\u2029\u202F\u205F\u3000'.trim() => "text"
        '\u180etext\u200b\ufeff'.trim() == '\u180etext\u200b\ufeff' => true
        ['x', 'y'].join() => "xy"
        ['x', 'y'].join('-') => "x-y"
        [].join() => ""
        [].join('-') => ""
        [1].join() => !arguments
        'gums'.reverse() => "smug"
        '☺a'.reverse() => "a☺"
        strings.quote("first\nsecond") == "\"first\\nsecond\"" => true
        strings.quote("bell\a") == "\"bell\\a\"" => true
        strings.quote('say "x" \\') == '"say \\"x\\" \\\\"' => true
        strings.quote('') => "\"\""
        42.charAt(2) => !arguments
        'hello'.charAt(true) => !arguments
        '42'.indexOf(4, 0) => !arguments
        '42'.replace('2', '1', 1, false) => !arguments
        42.split('2') => !arguments
        """#

    static let formats = #"""
        'no substitution'.format([]) => "no substitution"
        'str is %s and more'.format(['filler']) => "str is filler and more"
        '%% and also %%'.format([]) => "% and also %"
        '%%%s%%'.format(['text']) => "%text%"
        '%d %d, %s %s'.format([1, 2, 'A', 'B']) => "1 2, A B"
        '%.3f'.format([1.2345]) => "1.234"
        '%.3f'.format([1.2355]) => "1.236"
        '%.0f'.format([2.5]) => "2"
        'this is 5 in binary: %b'.format([5]) => "this is 5 in binary: 101"
        '%b'.format([-5]) => "-101"
        'bit set: %b'.format([true]) => "bit set: 1"
        '%o'.format([11]) => "13"
        '%x is 30'.format([30]) => "1e is 30"
        '%X is 30'.format([30]) => "1E is 30"
        '%x'.format([-30]) => "-1e"
        '%x'.format(['Hello world!']) => "48656c6c6f20776f726c6421"
        '%X'.format(['Hello']) => "48656C6C6F"
        '%.6e'.format([1052.032911275]) => "1.052033e+03"
        '%e'.format([2.71828]) => "2.718280e+00"
        '%e'.format([0.00012]) => "1.200000e-04"
        '%.2e'.format([9.999]) => "1.00e+01"
        '%e'.format([0.0]) => "0.000000e+00"
        '%.0e'.format([250.0]) => "2e+02"
        '%f'.format([2.71828]) => "2.718280"
        '%f'.format([5]) => "5.000000"
        '%.2f'.format([-0.005]) => "0.00"
        '%s'.format([null]) => "null"
        '%s'.format([999999999999]) => "999999999999"
        '%s'.format([1.50]) => "1.5"
        '%s, %s'.format([true, false]) => "true, false"
        '%s'.format([timestamp('2023-02-03T23:31:20+00:00')]) => "2023-02-03T23:31:20Z"
        '%s'.format([duration('1h45m47s')]) => "6347s"
        '%s'.format([['abc', 3.14, null, [9, 8]]]) => "[abc, 3.14, null, [9, 8]]"
        '%s'.format([{'b': null, 'a': duration('2h'), 'c': true}]) => "{a: 7200s, b: null, c: true}"
        '%s'.format([{'strKey': 'x', 6: duration('422s'), true: 42}]) => "{6: 422s, strKey: x, true: 42}"
        '%s'.format([date('2026-11-01')]) => "2026-11-01"
        '%a'.format([1]) => !pattern
        '%d %d %d'.format([0, 1]) => !pattern
        '%'.format([1]) => !pattern
        '%.f'.format([1.0]) => !pattern
        'string is %b'.format(['abc']) => !type
        '%d'.format([duration('30m2s')]) => !type
        '%d'.format([1.5]) => !type
        'octal: %o'.format(['a string']) => !type
        'double is %x'.format([0.5]) => !type
        'double is %E'.format([0.5]) => !pattern
        'null: %d'.format([null]) => !type
        'null: %f'.format([null]) => !type
        '%s'.format('x') => !arguments
        42.format([1]) => !arguments
        ['%s', '%d'][0].format(['x']) => "x"
        ['%s', '%d'][1].format(['x']) => !type
        """#

    static let conversions = #"""
        int(42) => 42
        int(-1.9) => -1
        int(7.9) => 7
        int('987') => 987
        int('-12') => -12
        int('1.5') => !conversion
        int('x') => !conversion
        int('9223372036854775808') => !conversion
        int(1e20) => !overflow
        int(timestamp('2009-02-13T23:31:30Z')) => 1234567890
        string(42) => "42"
        string(-1.50) => "-1.5"
        string(true) => "true"
        string('x') => "x"
        string(timestamp('2009-02-13T23:31:30Z')) => "2009-02-13T23:31:30Z"
        string(duration('1000000s')) => "1000000s"
        string([1]) => !type
        bool(true) => true
        bool('true') => true
        bool('TRUE') => true
        bool('True') => true
        bool('t') => true
        bool('1') => true
        bool('false') => false
        bool('F') => false
        bool('0') => false
        bool('tRuE') => !conversion
        bool('yes') => !conversion
        decimal('1.50') == 1.5 => true
        decimal(3) => 3
        decimal('-1e2') => -100
        decimal('1,5') => !conversion
        double(1) => !unknown-name
        uint(1) => !unknown-name
        dyn(1) => !unknown-name
        type(1) => !unknown-name
        bytes('x') => !unknown-name
        """#

    static let mathExtension = #"""
        math.greatest(-5) => -5
        math.greatest(1, 1) => 1
        math.greatest(1, 1.0) == 1 => true
        math.greatest(3, -3) => 3
        math.greatest(-9223372036854775808, 1) => 1
        math.greatest(10, 1, 3) => 10
        math.greatest(5.4, 10, -5.0, 9223372036854775807) == 9223372036854775807 => true
        math.greatest([5.4, 10, -5.0, 3.5]) => 10
        math.greatest([]) => !empty-list
        math.greatest() => !arguments
        math.greatest('a') => !arguments
        math.least(5.4, 10, -5.0) => -5
        math.least([1, 0, 3]) => 0
        math.least(1, -9223372036854775808) => -9223372036854775808
        math.ceil(-1.2) => -1
        math.ceil(1.2) => 2
        math.floor(-1.2) => -2
        math.floor(1.2) => 1
        math.round(-1.6) => -2
        math.round(-1.4) => -1
        math.round(-1.5) => -2
        math.round(1.2) => 1
        math.round(1.5) => 2
        math.trunc(-1.2) => -1
        math.trunc(1.2) => 1
        math.ceil(1) => !arguments
        math.round(1) => !arguments
        math.abs(-5) => 5
        math.abs(-1.5) => 1.5
        math.abs(-9223372036854775808) => !overflow
        math.sign(-100) => -1
        math.sign(0) => 0
        math.sign(0.3) => 1
        math.bitAnd(5, 3) => 1
        math.bitOr(1, 2) => 3
        math.bitXor(3, 5) => 6
        math.bitNot(1) => -2
        math.bitShiftLeft(1, 2) => 4
        math.bitShiftLeft(1, 200) => 0
        math.bitShiftLeft(1, -1) => !arguments
        math.bitShiftRight(1024, 2) => 256
        math.bitShiftRight(-1024, 3) => 2305843009213693824
        math.bitShiftRight(-1024, 64) => 0
        math.bitAnd(1.5, 2) => !arguments
        math.sqrt(2.0) => !unknown-name
        """#

    static let times = #"""
        timestamp('2009-02-13T23:31:30Z') => "2009-02-13T23:31:30Z"
        timestamp(1234567890) => "2009-02-13T23:31:30Z"
        timestamp('9999-12-31T23:59:59.999999999Z') => "9999-12-31T23:59:59.999999999Z"
        timestamp('0001-01-01T00:00:00Z') => "0001-01-01T00:00:00Z"
        timestamp('2026-11-01T00:30:00+02:00') => "2026-10-31T22:30:00Z"
        timestamp('2026-11-01 00:30:00Z') => !conversion
        timestamp('2026-11-01T00:30:00') => !conversion
        timestamp('2026-02-30T00:00:00Z') => !conversion
        timestamp('0000-01-01T00:00:00Z') => !conversion
        timestamp('10000-01-01T00:00:00Z') => !conversion
        timestamp('x') => !conversion
        timestamp('2009-02-13T23:31:30Z').getDate() => 13
        timestamp('2009-02-13T23:31:30Z').getDayOfMonth() => 12
        timestamp('2009-02-13T23:31:30Z').getDayOfWeek() => 5
        timestamp('2009-02-13T23:31:30Z').getDayOfYear() => 43
        timestamp('2009-02-13T23:31:30Z').getFullYear() => 2009
        timestamp('2009-02-13T23:31:30Z').getHours() => 23
        timestamp('2009-02-13T23:31:20.123456789Z').getMilliseconds() => 123
        timestamp('2009-02-13T23:31:30Z').getMinutes() => 31
        timestamp('2009-02-13T23:31:30Z').getMonth() => 1
        timestamp('2009-02-13T23:31:30Z').getSeconds() => 30
        timestamp('2009-02-13T23:31:30Z').getDate('Australia/Sydney') => 14
        timestamp('2009-02-13T23:31:30Z').getDayOfMonth('US/Central') => 12
        timestamp('2009-02-13T23:31:30Z').getDayOfMonth('+11:00') => 13
        timestamp('2009-02-13T02:00:00Z').getDayOfMonth('-02:30') => 11
        timestamp('2009-02-13T02:00:00Z').getDayOfMonth('America/St_Johns') => 11
        timestamp('2009-02-13T23:31:30Z').getDayOfWeek('UTC') => 5
        timestamp('2009-02-13T23:31:30Z').getFullYear('-09:30') => 2009
        timestamp('2009-02-13T23:31:30Z').getHours('02:00') => 1
        timestamp('2009-02-13T23:31:30Z').getMinutes('Asia/Kathmandu') => 16
        timestamp('2009-02-13T23:31:30Z').getSeconds('-00:00') => 30
        timestamp('2009-02-13T23:31:30Z').getHours('Mars/Olympus') => !arguments
        timestamp('2009-02-13T23:00:00Z') + duration('240s') == timestamp('2009-02-13T23:04:00Z') => true
        duration('120s') + timestamp('2009-02-13T23:01:00Z') == timestamp('2009-02-13T23:03:00Z') => true
        duration('600s') + duration('50s') => "650s"
        timestamp('0001-01-01T00:00:01.000000001Z') + duration('-999999999ns') => "0001-01-01T00:00:00.000000002Z"
        timestamp('2009-02-13T23:10:00Z') - duration('600s') => "2009-02-13T23:00:00Z"
        timestamp('2009-02-13T23:31:00Z') - timestamp('2009-02-13T23:29:00Z') => "120s"
        duration('900s') - duration('42s') => "858s"
        timestamp('2009-02-13T23:00:00Z') < timestamp('2009-03-13T23:00:00Z') => true
        duration('200s') <= duration('200s') => true
        duration('1m') == duration('60s') => true
        duration('1h30m') => "5400s"
        duration('-1.5s') => "-1.5s"
        duration('1ms') => "0.001s"
        duration('1us') + duration('1ns') => "0.000001001s"
        duration('0') => "0s"
        duration('10000s').getHours() => 2
        duration('3730s').getMinutes() => 62
        duration('3730s').getSeconds() => 3730
        duration('123.321456789s').getMilliseconds() => 321
        duration('x') => !conversion
        duration('1') => !conversion
        duration('-320000000000s') => !conversion
        timestamp('0001-01-01T00:00:00Z') + duration('-1s') => !overflow
        timestamp('9999-12-31T23:59:59Z') + duration('1s') => !overflow
        timestamp('9999-12-31T23:59:59.999999999Z') + duration('1ns') => !overflow
        timestamp('0001-01-01T00:00:00Z') + duration('-1ns') => !overflow
        timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z') => !overflow
        duration('9000000000s') + duration('9000000000s') => !overflow
        duration('-9000000000s') - duration('9000000000s') => !overflow
        duration('1s') * 2 => !type
        timestamp('2009-02-13T23:00:00Z') + 1 => !type
        duration('1s') + timestamp('9999-12-31T23:59:59Z') => !overflow
        [duration('1s'), duration('2s')].sum() => "3s"
        date(timestamp('2026-10-31T22:30:00Z')) => "2026-11-01"
        date(timestamp('2026-10-31T22:30:00Z'), 'UTC') => "2026-10-31"
        local(timestamp('2026-10-31T22:30:00Z')) => "2026-11-01T00:30:00"
        """#

    static let bindings = #"""
        a[a[a[a[a[a[a[a[a[a[a[a[0]]]]]]]]]]]] => 0
        x.name => 1024
        x.holiday => !index
        t && !false => true
        a.b.c => "longest"
        d.e.f => "inner"
        .t => true
        [1].map(t, .t) => [true]
        [1].map(t, t + 1) => [2]
        record.name => "one"
        record.nothing => !unknown-name
        record => {"name": "one", "size": 2}
        record.name.size() + record.size => 5
        none == null => true
        a.pancakes => !type
        t.pancakes => !type
        """#
}
