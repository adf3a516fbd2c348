extension `Diagnostics of expressions` {
    /// Lines of: expression ¦ name ¦ message ¦ cure ¦ what is marked.
    static let cases = Case.lines(
        #"""
        round(netamount, 2) ¦ unknown-name ¦ a transaction has no field 'netamount' ¦ did you mean 'netAmount'? ¦ netamount
        netAmuont + 1 ¦ unknown-name ¦ a transaction has no field 'netAmuont' ¦ did you mean 'netAmount'? ¦ netAmuont
        transactions.map(t, t.netamount) ¦ unknown-name ¦ a transaction has no field 'netamount' ¦ did you mean 'netAmount'? ¦ netamount
        'Plate ' + plateNumber ¦ absent-value ¦ 'plateNumber' may be absent, '+' needs a string ¦ say what stands for an absent one: plateNumber.orValue('') ¦ plateNumber
        plateNumber.size() ¦ absent-value ¦ 'plateNumber' may be absent, 'size' needs a string ¦ say what stands for an absent one: plateNumber.orValue('') ¦ plateNumber
        odometerReadout + 1 ¦ absent-value ¦ 'odometerReadout' may be absent, '+' needs a number ¦ say what stands for an absent one: odometerReadout.orValue(0) ¦ odometerReadout
        truncate(plateNumber, 5) ¦ absent-value ¦ 'plateNumber' may be absent, 'truncate' needs a string ¦ say what stands for an absent one: plateNumber.orValue('') ¦ plateNumber
        netAmount > 0.0 && plateNumber == 'x' ? plateNumber + '!' : '' ¦ absent-value ¦ 'plateNumber' may be absent, '+' needs a string ¦ say what stands for an absent one: plateNumber.orValue('') ¦ plateNumber
        plateNumber.hasValue() || plateNumber.size() > 3 ¦ absent-value ¦ 'plateNumber' may be absent, 'size' needs a string ¦ say what stands for an absent one: plateNumber.orValue('') ¦ plateNumber
        -odometerReadout ¦ absent-value ¦ 'odometerReadout' may be absent, '-' needs a number ¦ say what stands for an absent one: odometerReadout.orValue(0) ¦ odometerReadout
        netAmount / 3 ¦ division-rounding ¦ a decimal division must say how it is rounded ¦ write round(netAmount / 3, 2) ¦ netAmount / 3
        netAmount * 1.5 / 2 ¦ division-rounding ¦ a decimal division must say how it is rounded ¦ write round(netAmount * 1.5 / 2, 2) ¦ netAmount * 1.5 / 2
        netAmount % 2 ¦ type ¦ '%' is for ints ¦ convert first: int(...) ¦ netAmount % 2
        netAmount == 'x' ¦ type ¦ a decimal never equals a string ¦ compare values of one type ¦ netAmount == 'x'
        plateNumber == 5 ¦ type ¦ an optional string never equals an int ¦ compare values of one type ¦ plateNumber == 5
        occProductName + netAmount ¦ type ¦ '+' does not go between a string and a decimal ¦ make it text first: string(...) ¦ +
        date(transactionTime) + 1 ¦ type ¦ '+' does not go between a date and an int ¦ write addDays(date, days) ¦ +
        transactionTime < date(transactionTime) ¦ type ¦ '<' does not go between a timestamp and a date ¦  ¦ <
        netAmount && true ¦ type ¦ '&&' needs a bool, this is a decimal ¦ compare it: ... != 0 ¦ netAmount
        !netAmount ¦ type ¦ '!' needs a bool, this is a decimal ¦ compare it: ... != 0 ¦ netAmount
        netAmount ? 1 : 2 ¦ type ¦ '?' needs a bool, this is a decimal ¦ compare it: ... != 0 ¦ netAmount
        true ? 1 : 'a' ¦ type ¦ the two sides of ':' are an int and a string ¦ give both one type ¦ 'a'
        [1, 'a'] ¦ type ¦ a list holds values of one type, here int and string ¦ give all one type: string(...), decimal(...) ¦ 'a'
        {'a': 1, 'b': 'c'} ¦ type ¦ the values of a map have one type, here int and string ¦  ¦ 'c'
        {1.5: 'a'} ¦ type ¦ a key is a string, an int or a bool, not a decimal ¦  ¦ 1.5
        1 in 'abc' ¦ type ¦ 'in' looks for an int in a string ¦ a text within a text: .contains(...) ¦ 1 in 'abc'
        rond(1, 2) ¦ unknown-name ¦ there is no function 'rond' ¦ did you mean 'round'? ¦ rond
        netAmount.round(2) ¦ unknown-name ¦ there is no function 'round' ¦ it is a function: round(x, ...) ¦ round
        trim(occProductName) ¦ unknown-name ¦ there is no function 'trim' ¦ it is a method: x.trim(...) ¦ trim
        occProductName.uper() ¦ unknown-name ¦ there is no function 'uper' ¦  ¦ uper
        round('a', 2) ¦ arguments ¦ 'round' does not take (string, int) ¦ it is round(number, int) or round(number, int, 'half_even') -> decimal ¦ round
        round(netAmount) ¦ arguments ¦ 'round' does not take (decimal) ¦ it is round(number, int) or round(number, int, 'half_even') -> decimal ¦ round
        round(netAmount, 40) ¦ arguments ¦ a decimal has 0 to 36 places, not 40 ¦  ¦ 40
        round(netAmount, 2, 'up') ¦ arguments ¦ there is no rounding 'up' ¦ there are 'half_up', 'half_even', 'toward_zero', 'floor', 'ceiling' ¦ 'up'
        string(date(transactionTime), 'dd.mm.yyyy') ¦ pattern ¦ 'mm' is minutes, and a date has none ¦ the month is 'MM' ¦ 'dd.mm.yyyy'
        string(netAmount, '0.00') ¦ pattern ¦ the number may have 4 decimals, '0.00' writes 2 ¦ round it first: round(..., 2) ¦ '0.00'
        string(netAmount, 'abc') ¦ pattern ¦ 'abc' is no number pattern ¦ write 0 for a digit always there, # for one if needed: 0.00## ¦ 'abc'
        string(transactionTime, 'yyyy') ¦ pattern ¦ a timestamp has no patterns ¦ take the local time: local(...) ¦ 'yyyy'
        occProductName.matches('(') ¦ pattern ¦ the pattern is no regular expression: missing ): ( ¦ a sign that means itself stands behind a backslash: r'\.' ¦ '('
        '%d'.format([netAmount]) ¦ type ¦ '%d' does not take a decimal ¦ '%s' takes every plain value ¦ netAmount
        '%q'.format([1]) ¦ pattern ¦ the format has no clause '%q' ¦ there are %s %d %f %e %x %X %o %b, and '%%' for a percent sign ¦ '%q'
        '%s %s'.format([1]) ¦ pattern ¦ the format has 2 clauses, the list 1 value ¦ a percent sign is written '%%' ¦ '%s %s'
        99999999999999999999 ¦ overflow ¦ the number does not fit 64 bits ¦ a decimal has up to 38 digits: write it with a point ¦ 99999999999999999999
        1u ¦ syntax ¦ a number does not go on with letters ¦ there are no unsigned integers: leave 'u' out ¦ 1u
        b'x' ¦ syntax ¦ there are no bytes, only text ¦ leave the 'b' before the quote out ¦ b'
        a = 1 ¦ syntax ¦ '=' is no operator ¦ compare with '==' ¦ =
        true & false ¦ syntax ¦ '&' is no operator ¦ write '&&' ¦ &
        ${netAmount} ¦ syntax ¦ an expression stands here without '${' and '}' ¦ write netAmount ¦ ${netAmount}
        'open ¦ syntax ¦ the text has no closing quote ¦ add ' ¦ 'open
        '\q' ¦ syntax ¦ no such escape in a text ¦ write '\\' for one backslash, or r'...' for a text without escapes ¦ \q
        1 + ¦ syntax ¦ the expression ends too early ¦  ¦
        1 2 ¦ syntax ¦ the expression should end here ¦  ¦ 2
        (1 ¦ syntax ¦ ')' is missing ¦  ¦
        [1, 2 ¦ syntax ¦ ']' is missing ¦  ¦
        if ¦ syntax ¦ 'if' is a word that the language keeps for itself ¦ choose another name ¦ if
        delivery.nome ¦ unknown-name ¦ a party has no member 'nome' ¦ did you mean 'name'? ¦ nome
        delivery.name + '!' ¦ absent-value ¦ 'delivery.name' may be absent, '+' needs a string ¦ say what stands for an absent one: delivery.name.orValue('') ¦ delivery.name
        lookups.prodcts(occProductName) ¦ unknown-name ¦ no lookup 'prodcts' is declared ¦ did you mean 'products'? ¦ prodcts
        lookups.products ¦ arguments ¦ 'lookups.products' is a function ¦ call it: lookups.products(...) ¦ products
        lookups.products(1) ¦ type ¦ 'lookups.products' needs a string here, this is an int ¦  ¦ 1
        lookups.products() ¦ arguments ¦ 'lookups.products' takes 1 key, here are 0 ¦ write lookups.products(string) ¦ products
        lookups.products(occProductName).nome ¦ unknown-name ¦ a party has no member 'nome' ¦ did you mean 'name'? ¦ nome
        transactions.map(netAmount, 1) ¦ hidden-name ¦ 'netAmount' has a meaning here already ¦ choose another name ¦ netAmount
        transactions.map(1, 2) ¦ arguments ¦ 'map' needs a new name here ¦ write map(x, ...) ¦ 1
        transactions.filter(t, t.netAmount) ¦ type ¦ 'filter' needs a bool, this is a decimal ¦ compare it: ... != 0 ¦ t.netAmount
        transactions.map(t) ¦ arguments ¦ 'map' does not take 1 argument ¦ write map(x, ...) or map(x, condition, ...) ¦ map
        transactions.sum() ¦ arguments ¦ 'sum' does not take (list(a transaction)) ¦ choose a field first: .map(x, x.netAmount).sum() ¦ sum
        transactions[0].nome ¦ unknown-name ¦ a transaction has no field 'nome' ¦  ¦ nome
        transactions['a'] ¦ type ¦ the index of a list is an int, not a string ¦  ¦ 'a'
        occProductName[0] ¦ type ¦ a string cannot be indexed ¦ take a character: .charAt(...) ¦ occProductName
        occProductName.length ¦ type ¦ a string has no member 'length' ¦ it is called x.size() here ¦ length
        netAmount.foo ¦ type ¦ a decimal has no member 'foo' ¦  ¦ foo
        has(netAmount) ¦ arguments ¦ 'has' asks for a member: has(a.b) ¦ of a value that may be absent ask .hasValue() ¦ netAmount
        optional.of(plateNumber) ¦ absent-value ¦ 'plateNumber' may be absent, 'optional.of' needs a string ¦ say what stands for an absent one: plateNumber.orValue('') ¦ plateNumber
        [?netAmount] ¦ type ¦ '?' takes what may be absent, this is a decimal ¦ leave '?' out ¦ netAmount
        double(1) ¦ unknown-name ¦ there is no function 'double' ¦ there is no binary floating point: write decimal(...) ¦ double
        dyn(1) ¦ unknown-name ¦ there is no function 'dyn' ¦ types are known before the first row: leave dyn(...) out ¦ dyn
        nil == 1 ¦ unknown-name ¦ there is no 'nil' ¦ ask whether a value is there with hasValue() ¦ nil
        null == plateNumber ¦ type ¦ null never equals an optional string ¦ ask whether a value is there: .hasValue() ¦ null == plateNumber
        9223372036854775807 + 1 ¦ overflow ¦ '+' goes beyond the range of numbers ¦  ¦ 9223372036854775807 + 1
        1 / 0 ¦ division-by-zero ¦ '/' by zero ¦  ¦ 1 / 0
        'abc'.charAt(7) ¦ index ¦ the text has 3 characters, there is no place 7 ¦  ¦ 'abc'.charAt(7)
        [1, 2][5] ¦ index ¦ the list has 2 elements, there is none at 5 ¦  ¦ [1, 2][5]
        int('x') ¦ conversion ¦ 'int' needs the digits of a whole number within 64 bits ¦  ¦ int('x')
        timestamp('2026-13-01T00:00:00Z') ¦ conversion ¦ 'timestamp' needs a real instant such as 2026-11-01T22:30:00Z ¦  ¦ timestamp('2026-13-01T00:00:00Z')
        withCheckDigit('123', 'luhn') ¦ arguments ¦ there is no scheme 'luhn' ¦ there are '7-3-1', 'mod-10', 'iso-11649', 'mod-97-10' ¦ 'luhn'
        pad('a', 5, 'ab') ¦ arguments ¦ 'pad' fills with one character, here are 2 ¦  ¦ 'ab'
        date(transactionTime, 'Mars/Olympus') ¦ arguments ¦ no time zone 'Mars/Olympus' in /usr/share/zoneinfo; is tzdata installed? ¦ write a name such as 'Europe/Tallinn' or an offset such as '+02:00' ¦ 'Mars/Olympus'
        5.size() ¦ arguments ¦ 'size' does not take (int) ¦ it is (string | list | map).size() -> int ¦ size
        Message{a: 1} ¦ syntax ¦ there are no messages to make ¦ a map is written {'name': value} ¦ {
        # ¦ syntax ¦ a character that no expression has here ¦ text stands between quotes ¦ #
        occProductName.length() ¦ unknown-name ¦ there is no function 'length' ¦ it is called x.size() here ¦ length
        abs(netAmount) ¦ unknown-name ¦ there is no function 'abs' ¦ it is called math.abs(x) here ¦ abs
        transactions.avg(2) ¦ arguments ¦ 'avg' does not take (list(a transaction), int) ¦ choose a field first: .map(x, x.netAmount).avg(...) ¦ avg
        .5.foo ¦ type ¦ a decimal has no member 'foo' ¦  ¦ foo
        {'a': 1}.map(k, v, k, 1) ¦ arguments ¦ 'map' does not take 4 arguments ¦ write map(x, ...) or map(x, condition, ...) ¦ map
        cel.bind(x, 1) ¦ arguments ¦ 'cel.bind' does not take 2 arguments ¦ write cel.bind(name, value, ...) ¦ bind
        cel.bond(x, 1, 2) ¦ unknown-name ¦ there is no function 'cel.bond' ¦ did you mean 'cel.bind'? ¦ bond
        math.sqrt(2.0) ¦ unknown-name ¦ there is no function 'math.sqrt' ¦ did you mean 'math.sign'? ¦ sqrt
        math.abs ¦ arguments ¦ 'math.abs' is a function ¦ call it: math.abs(...) ¦ abs
        optional.none(1) ¦ arguments ¦ 'optional.none' takes nothing ¦ write optional.none() ¦ none
        plateNumber.orValue(5) ¦ type ¦ 'orValue' needs a string, this is an int ¦  ¦ 5
        plateNumber.or('x') ¦ type ¦ 'or' needs an optional string, this is a string ¦ write orValue(...) ¦ 'x'
        plateNumber.optFlatMap(p, p) ¦ type ¦ 'optFlatMap' needs what may be absent, this is a string ¦ write optMap(...) ¦ p
        transactions.map(t, t.plateNumber + '') ¦ absent-value ¦ 't.plateNumber' may be absent, '+' needs a string ¦ say what stands for an absent one: t.plateNumber.orValue('') ¦ t.plateNumber
        'abc'.replace('a', 'b', 'c') ¦ arguments ¦ 'replace' does not take (string, string, string, string) ¦ it is string.replace(string, string) or string.replace(string, string, int) -> string ¦ replace
        true ? true ? 1 : 2 : 3 ¦ syntax ¦ a choice within a choice stands in parentheses ¦ write a ? (b ? c : d) : e ¦ ?
        0x ¦ syntax ¦ digits are missing behind '0x' ¦  ¦ 0x
        1.5.5 ¦ syntax ¦ the expression should end here ¦  ¦ .5
        '%s'.format('x') ¦ arguments ¦ 'format' takes a list, this is a string ¦ write '%s'.format([...]) ¦ 'x'
        '%s'.format([plateNumber]) ¦ type ¦ '%s' does not take an optional string ¦ say what stands for an absent one: orValue(...) ¦ plateNumber
        '%s'.format([transactions[0]]) ¦ type ¦ 'format' cannot write a transaction ¦ write its members: x.netAmount ¦ transactions[0]
        """#
    )
}
