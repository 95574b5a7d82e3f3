import type { JsonValue } from '../../src/engine/embedded/feel/index.ts';

/**
 * Every form of expression and every function that the embedded cluster allows, as inputs of one table: `feel-table.json` holds what
 * Camunda's engine answered. All see the same variables.
 */
export const VARIABLES: { readonly [name: string]: JsonValue } = {
  a: 5,
  b: 2.5,
  tekst: 'Åse Ødegård',
  tom: '',
  ja: true,
  nei: false,
  ingenting: null,
  liste: [3, 1, 2],
  blandet: [1, 'x', null, true],
  personer: [
    { navn: 'Kari', alder: 40, adresse: { by: 'Bodø' } },
    { navn: 'Ola', alder: 17, adresse: { by: 'Oslo' } },
    { navn: 'Per', alder: null },
  ],
  sak: { id: 'S-1', status: 'åpen', tall: 7, dype: { ned: { her: 'bunn' } }, 'med mellomrom': 1 },
  dato: '2026-03-29',
  tidspunkt: '2026-03-29T10:15:30+02:00',
  stor: 12345678901,
  liten: 0.1,
  item: 'ytre',
  'navn med rom': 8,
};

export const EXPRESSIONS: readonly string[] = `
1
-1
1.5
.5
1e3
-0.0
"tekst"
"æøå \\"sitat\\" \\n linje"
"\\u00e6"
'enkel'
true
false
null
a
ukjent
ukjent.felt
sak
sak.id
sak.ukjent
sak.dype.ned.her
sak.med mellomrom
sak.\`med mellomrom\`
\`navn med rom\`
navn med rom
a.b
liste
personer.navn
personer.alder
personer.adresse.by
personer.ukjent
1 + 2
1+2
0.1 + 0.2
liten + 0.2
1 - 2
2 * 3
0.1 * 3
7 / 2
1 / 3
2 / 3
1 / 3 * 3
1 / 3 * 3 = 1
10 / 5
1 / 0
2 ** 3
2 ** -1
2 ** 0.5
-a
-(a)
- a + 1
a + b
a - b
a * b
a / b
stor * stor
stor + 1
9007199254740993
9007199254740993 + 1
9223372036854775807
9223372036854775808
123456789012345678901234567890
1.10
1.0
100000000000000000000.5
"a" + "b"
"a" + 1
1 + "a"
1 + null
null + 1
true + true
"a" * 2
"a" - "b"
[1] + [2]
{a:1} + 1
2 + 3 * 4
(2 + 3) * 4
2 ** 3 ** 2
2 * -3
5 - 2 - 1
1 = 1
1 = 1.0
1 = 2
1 != 2
"a" = "a"
"a" = "b"
"a" != "b"
1 = "1"
1 != "1"
null = null
null != null
1 = null
1 != null
null = 1
null = false
ukjent = null
ukjent != null
sak.ukjent = null
ukjent.felt = null
true = true
true = "true"
true != false
[1,2] = [1,2]
[1,2] = [2,1]
[1] = 1
1 = [1]
[] = null
{a:1} = {a:1}
{a:1,b:2} = {b:2,a:1}
{a:1} = {a:2}
{a:1} != {a:2}
1 < 2
2 < 1
1 <= 1
2 > 1
2 >= 3
"a" < "b"
"b" > "abc"
1 < "2"
1 < null
null < 1
null > null
true < false
[1] < [2]
a > 3 and b < 3
true and true
true and false
false and null
true and null
null and null
true and "x"
true or null
false or null
false or false
null or null
1 or true
1 and true
not(true)
not(false)
not(null)
not(1)
not(ja)
ja and not(nei)
ja or nei
if true then 1 else 2
if false then 1 else 2
if null then 1 else 2
if "x" then 1 else 2
if a > 3 then "stor" else "liten"
if ukjent = null then "uten" else "med"
if true then 1
if a > 1 then if a > 4 then "x" else "y" else "z"
a between 1 and 10
a between 6 and 10
null between 1 and 2
a between null and 10
a in [1..10]
a in (5..10]
a in [1..5)
a in ]1..5]
a in [1..5[
a in (1,2,5)
a in (> 3)
a in > 3
a in (>3, <1)
a in (1, 2)
"a" in ["a","b"]
a in liste
5 in liste
1 in liste
3 in [1,2,3]
null in [null]
"x" in blandet
date("2026-01-05") in [date("2026-01-01")..date("2026-01-31")]
[1..5]
[1,2,3]
[1, "a", null]
[]
[[1],[2]]
[1,2,3][1]
[1,2,3][-1]
[1,2,3][0]
[1,2,3][4]
[1,2,3][a]
liste[1]
liste[-1]
liste[item > 1]
liste[item >= 2]
liste[item = 9]
[1,2,3][item > 1]
["a","b"][item != "a"]
personer[alder > 18]
personer[alder > 18].navn
personer[alder > 18][1].navn
personer[1].navn
personer[navn = "Ola"].alder
personer[navn = "Ola"][1].alder
personer[item.alder > 18].navn
personer[adresse.by = "Oslo"].navn
personer[alder = null].navn
personer[ukjent = 1]
personer[true]
personer[false]
liste["a"]
a[1]
a[item > 3]
null[1]
sak[1]
"abc"[1]
{a: 1}
{a: 1, b: a + 1}
{"a b": 1}
{a: {b: 2}}
{}
{a: 1}.a
{a: 1}.b
{a: {b: 2}}.a.b
{a: 1, b: a}
{x: 1, y: x + 1, z: y + x}
{"å": "ø"}
{id: sak.id, by: personer[1].adresse.by}
{a: null}
{a: ukjent}
for x in liste return x * 2
for x in [1,2], y in [10,20] return x + y
for x in 1..3 return x
for x in 3..1 return x
for x in a..7 return x
for x in [] return x
for x in null return x
for p in personer return p.navn
for x in [1,2,3] return if x > 1 then x else null
for x in [1,2,3] return count(partial)
for x in [1,2,3] return x + sum(partial)
for x in [[1,2],[3]] return count(x)
for x in liste, y in for z in liste return z return x * y
some x in liste satisfies x > 2
every x in liste satisfies x > 2
every x in liste satisfies x > 0
some x in [] satisfies true
every x in [] satisfies false
some p in personer satisfies p.alder < 18
every p in personer satisfies p.alder < 100
some x in [1,2], y in [2,3] satisfies x = y
some x in null satisfies x
a instance of number
"a" instance of string
null instance of Null
a instance of string
liste instance of list
liste instance of list<number>
sak instance of context
true instance of boolean
date("2026-01-01") instance of date
duration("P1D") instance of days and time duration
duration("P1M") instance of years and months duration
null instance of Any
1 instance of Any
function(x) x + 1
{f: function(x) x + 1, y: f(2)}.y
string(1)
string(1.0)
string(1.50)
string(0.1 + 0.2)
string(true)
string(null)
string("a")
string([1,2])
string(["a"])
string({a: 1, b: "x"})
string(date("2026-01-01"))
string(duration("P1DT2H"))
string(duration("P14M"))
string(a)
string(1/3)
string(1000000)
string(1e20)
number("1")
number("1.5")
number("x")
number("")
number(null)
number("1 000,5", " ", ",")
number("1.000,5", ".", ",")
number("1,000.5", ",")
number("1,000.5", ",", ".")
number(1)
boolean("true")
boolean("x")
boolean(true)
context([{"key":"a","value":1}])
context([{"key":"a","value":1},{"key":"b","value":2}])
context({"key":"a","value":1})
context([])
substring("foobar", 3)
substring("foobar", 3, 2)
substring("foobar", -2)
substring("foobar", -3, 2)
substring("foobar", 0)
substring("foobar", 10)
substring("foobar", 3, 10)
substring(tekst, 5)
substring(null, 1)
string length("foo")
string length(tekst)
string length("")
string length(null)
string length("😀")
upper case("aBc æøå")
lower case("ABC ÆØÅ")
upper case(null)
upper case("ß")
substring before("foobar", "bar")
substring before("foobar", "x")
substring before("foobar", "")
substring after("foobar", "ob")
substring after("foobar", "x")
substring after("foobar", "")
substring after("", "a")
contains("foobar", "ob")
contains("foobar", "x")
contains(null, "x")
starts with("foobar", "fo")
starts with("foobar", "bar")
ends with("foobar", "r")
ends with("foobar", "fo")
matches("foobar", "^fo*bar")
matches("foobar", "o{2}")
matches("foobar", "O{2}")
matches("foobar", "O{2}", "i")
matches("12345678901", "^[0-9]{11}$")
matches("foobar", "[")
matches("ab", "a.b", "s")
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")
replace("foobar", "o", "0")
replace("foobar", "O", "0", "i")
replace("a.b", "\\.", "-")
split("a;b;c", ";")
split("a b  c", "\\s")
split("a.b", "\\.")
split("abc", "")
split("", ";")
split("a;;b;", ";")
string join(["a","b"])
string join(["a","b"], ", ")
string join(["a",null,"b"], ", ")
string join([], ",")
string join(["a","b"], ", ", "<", ">")
string join(["a"], null)
string join([1,2], ",")
string join(liste, ",")
string join(for x in liste return string(x), "-")
trim("  a b ")
trim("\\t x \\n")
extract("this is 1 and 2", "[0-9]+")
extract("abc", "x")
is blank("")
is blank("  ")
is blank("a")
is blank(null)
to base64("FEEL")
to base64("æ")
is empty([])
is empty([1])
is empty(null)
list contains(liste, 2)
list contains(liste, 9)
list contains([1,null], null)
list contains(["a"], "a")
list contains(null, 1)
count(liste)
count([])
count(null)
count(1)
min(1,2,3)
min(liste)
min([])
min(["b","a"])
min(null)
max(1,2,3)
max(liste)
max([])
max("a","b")
max([date("2026-01-01"), date("2026-02-01")])
sum(liste)
sum([])
sum(1,2,3)
sum([0.1,0.2])
sum([1,null])
sum(["a"])
product([2,3,4])
product([])
mean(liste)
mean([1,2])
mean([])
mean([1,1,2])
median([8,2,5,3,4])
median([6,1,2,3])
median([])
median([10,9,100])
stddev([2,4,7,5])
stddev([1])
mode([6,3,9,6,6])
mode([6,1,9,6,1])
mode([])
all([true,true])
all([true,false])
all([])
all([true,null])
all(true,false)
any([false,true])
any([])
any([false,null])
any(false,true)
and([true,null])
or([false,null])
sublist([1,2,3],2)
sublist([1,2,3],1,2)
sublist([1,2,3],-1,1)
sublist([1,2,3],-2)
sublist([1,2,3],5)
append([1],2)
append([1],2,3)
append([],[1])
append(null,1)
concatenate([1,2],[3])
concatenate([1],[2],[3])
concatenate([1],2)
insert before([1,3],1,2)
insert before([1,3],2,2)
insert before([1,3],-1,2)
insert before([1,3],3,2)
remove([1,2,3],2)
remove([1,2,3],-1)
remove([1,2,3],9)
reverse(liste)
index of([1,2,3,2],2)
index of([1,2],9)
index of([1,null],null)
union([1,2],[2,3])
union([1,1])
distinct values([1,2,3,2,1])
distinct values([1,1.0,"1",null,null])
duplicate values([1,2,3,2,1])
flatten([[1,2],[[3]],4])
sort(liste, function(x,y) x < y)
sort(liste, function(x,y) x > y)
sort(personer[alder != null], function(x,y) x.alder < y.alder).navn
partition([1,2,3,4,5], 2)
partition([], 2)
partition([1], 0)
list replace([2,4,7,8], 3, 6)
list replace([2,4,7,8], function(item, newItem) item < newItem, 5)
abs(-10)
abs(10)
abs(-1.5)
abs(null)
abs(duration("-PT5H"))
floor(1.5)
floor(-1.5)
floor(-1.56, 1)
ceiling(1.5)
ceiling(-1.5)
ceiling(-1.56, 1)
decimal(1/3, 2)
decimal(1.5, 0)
decimal(2.5, 0)
decimal(1.115, 2)
round up(5.5, 0)
round up(-5.5, 0)
round up(1.121, 2)
round down(5.5, 0)
round down(-5.5, 0)
round half up(5.5, 0)
round half up(-5.5, 0)
round half up(1.121, 2)
round half up(2.345, 2)
round half down(5.5, 0)
round half down(-5.5, 0)
round half down(1.126, 2)
modulo(12, 5)
modulo(-12, 5)
modulo(12, -5)
modulo(-12, -5)
modulo(10.1, 4.5)
modulo(1, 0)
modulo(0.3, 0.1)
sqrt(16)
sqrt(2)
sqrt(-1)
log(10)
log(0)
exp(5)
odd(5)
odd(2)
odd(-1)
even(5)
even(2)
even(0)
odd(1.5)
is defined(a)
is defined(ukjent)
is defined(ingenting)
is defined(sak.id)
is defined(sak.ukjent)
is defined(null)
get or else(a, 1)
get or else(ukjent, 1)
get or else(ingenting, "x")
get or else(sak.ukjent, "x")
get or else(null, null)
assert(a, a != null)
assert(a, a > 100)
assert(a, a > 100, "a må være stor")
assert(ukjent, ukjent != null, "mangler")
get value({a: 1}, "a")
get value({a: 1}, "b")
get value({a: {b: 2}}, ["a","b"])
get value({a: {b: 2}}, ["a","c"])
get value(sak, "status")
get value(null, "a")
get entries({a: 1, b: 2})
get entries({a: 1, b: 2}).key
get entries({a: 1, b: 2})[key = "a"].value
get entries(sak)
context put({a: 1}, "b", 2)
context put({a: 1}, "a", 2)
context put({a: {b: 1}}, ["a","c"], 2)
context put({a: {b: 1}}, ["a","b"], 2)
context put({}, ["x","y"], 1)
context put(null, "a", 1)
context merge([{a:1},{b:2}])
context merge({a:1},{b:2},{a:3})
context merge([{a:1},{a:2,c:3}])
put({a: 1}, "b", 2)
put all({a:1},{b:2})
date("2026-01-15")
date("2026-02-30")
date("x")
date(2026, 1, 15)
date(2026, 13, 1)
date(date and time("2026-01-15T10:00:00"))
date(dato)
date("2026-1-5")
time("10:15:00")
time("10:15:00+02:00")
time("10:15:00@Europe/Oslo")
time("10:15")
time("25:00:00")
time(10, 15, 0)
time(10, 15, 0, duration("PT2H"))
time(date and time("2026-01-15T10:00:00"))
date and time("2026-01-15T10:00:00")
date and time("2026-01-15T10:00:00Z")
date and time("2026-01-15T10:00:00+02:00")
date and time("2026-01-15T10:00:00.123Z")
date and time("2026-01-15T10:00:00.5")
date and time("2026-01-15T10:00")
date and time("2026-01-15T10:00:00@Europe/Oslo")
date and time("2026-01-15T10:00:00+01:00[Europe/Oslo]")
date and time("2026-01-15")
date and time(date("2026-01-15"), time("10:00:00"))
date and time(date("2026-01-15"), time("10:00:00+02:00"))
date and time(date("2026-01-15"), time("10:00:00@Europe/Oslo"))
date and time(date and time("2026-01-15T01:00:00"), time("10:00:00"))
date and time(tidspunkt)
date and time("x")
date and time(date and time("2026-01-15T10:00:00Z"), "Europe/Oslo")
date and time("2026-01-15T10:00:30")
@"2026-01-15"
@"10:15:00"
@"2026-01-15T10:00:00"
@"2026-01-15T10:00:00Z"
@"P1D"
@"PT1H"
@"P1Y2M"
duration("P1D")
duration("PT24H")
duration("PT36H")
duration("PT90M")
duration("P2DT3H4M5S")
duration("PT0S")
duration("P0D")
duration("PT1.5S")
duration("-P1D")
duration("P1Y")
duration("P1Y2M")
duration("P14M")
duration("P0M")
duration("P7D")
duration("P1W")
duration("x")
duration("P1Y1D")
years and months duration(date("2025-01-01"), date("2026-03-15"))
years and months duration(date("2026-03-15"), date("2025-01-01"))
years and months duration(date("2026-01-31"), date("2026-02-28"))
date("2026-01-15") + duration("P1D")
date("2026-01-15") + duration("P1M")
date("2026-01-31") + duration("P1M")
date("2026-01-15") + duration("PT24H")
date("2026-01-15") + duration("PT1H")
date("2026-01-15") - duration("P1D")
date("2026-01-15") - date("2026-01-01")
date("2026-01-01") - date("2026-01-15")
date and time("2026-01-15T10:00:00") + duration("PT1H")
date and time("2026-01-15T10:00:00Z") + duration("P1D")
date and time("2026-01-15T10:00:00+02:00") + duration("P1M")
date and time("2026-03-28T10:00:00@Europe/Oslo") + duration("P1D")
date and time("2026-03-28T10:00:00@Europe/Oslo") + duration("PT24H")
date and time("2026-10-24T10:00:00@Europe/Oslo") + duration("P1D")
date and time("2026-01-15T10:00:00") - date and time("2026-01-14T09:00:00")
date and time("2026-01-15T10:00:00Z") - date and time("2026-01-14T09:00:00+02:00")
date and time("2026-01-15T10:00:00Z") - duration("P1M")
time("10:00:00") + duration("PT1H")
time("23:30:00") + duration("PT1H")
time("10:00:00") - time("08:30:00")
time("10:00:00") - duration("PT11H")
duration("P1D") + duration("PT12H")
duration("P1D") + duration("P1M")
duration("P1Y") + duration("P1M")
duration("P1D") - duration("PT1H")
duration("P1D") * 2
2 * duration("P1D")
duration("P1D") / 2
duration("P1Y") * 2
duration("P1Y") / 2
duration("P1D") / duration("PT6H")
duration("P1Y") / duration("P1M")
duration("P1D") = duration("PT24H")
duration("P1Y") = duration("P12M")
duration("P1D") < duration("PT25H")
duration("P1D") < duration("P1M")
date("2026-01-15") = date("2026-01-15")
date("2026-01-15") < date("2026-01-16")
date("2026-01-15") < "2026-01-16"
date("2026-01-15") = "2026-01-15"
date(dato) < date("2026-12-31")
date and time("2026-01-15T10:00:00Z") = date and time("2026-01-15T12:00:00+02:00")
date and time("2026-01-15T10:00:00Z") < date and time("2026-01-15T12:30:00+02:00")
date and time("2026-01-15T10:00:00") < date and time("2026-01-15T10:00:01")
date and time("2026-01-15T10:00:00") < date and time("2026-01-15T10:00:01Z")
time("10:00:00") < time("11:00:00")
date("2026-01-15").year
date("2026-01-15").month
date("2026-01-15").day
date("2026-01-15").weekday
date and time("2026-01-15T10:11:12").hour
date and time("2026-01-15T10:11:12").minute
date and time("2026-01-15T10:11:12").second
date and time("2026-01-15T10:11:12Z").timezone
date and time("2026-01-15T10:11:12+02:00").time offset
date and time("2026-01-15T10:11:12@Europe/Oslo").timezone
date and time("2026-01-15T10:11:12").timezone
date and time("2026-01-15T10:11:12").year
time("10:11:12").hour
duration("P1DT2H3M4S").days
duration("P1DT2H3M4S").hours
duration("P1DT2H3M4S").minutes
duration("P1DT2H3M4S").seconds
duration("P1Y2M").years
duration("P1Y2M").months
duration("P1D").years
date("2026-01-15").ukjent
day of week(date("2026-01-15"))
day of year(date("2026-02-15"))
week of year(date("2026-01-15"))
week of year(date("2027-01-01"))
month of year(date("2026-01-15"))
day of week(date and time("2026-01-15T10:00:00"))
last day of month(date("2026-02-15"))
last day of month(date and time("2024-02-15T10:00:00"))
abs(duration("-P1Y"))
floor(duration("P1D"))
before(1, 10)
before([1..5], 6)
after(10, 1)
meets([1..5],[5..10])
met by([5..10],[1..5])
overlaps([1..5],[3..8])
overlaps before([1..5],[4..10])
overlaps after([4..10],[1..5])
finishes(5, [1..5])
finished by([1..10], 10)
includes([1..10], 5)
includes([1..10],[4..6])
during(5, [1..10])
starts(1, [1..5])
started by([1..10], 1)
coincides(5, 5)
coincides([1..5],[1..5])
is(1, 1)
is(date("2026-01-01"), date("2026-01-01"))
from json("{\\"a\\": 1}")
from json("[1, 2]")
from json("1")
from json("\\"x\\"")
from json("feil")
from json("null")
to json({a: 1})
to json([1,"x",null])
to json("x")
from unix timestamp(1)
unix timestamp(date and time("2026-01-15T10:00:00Z"))
date(2026,1,15) > date(2026,1,14)
fromAi(a)
date("2026-01-15") + duration("P21D")
{frist: date("2026-01-15") + duration("P21D")}.frist
[date("2026-01-15")]
{d: duration("P1D")}
substring(string: "foobar", start position: 3)
substring(string: "foobar", start position: 3, length: 2)
date(year: 2026, month: 1, day: 2)
ukjent funksjon(1)
ukjentfunksjon(1)
count(liste, 2)
upper case(1)
abs("x")
1 +
(1
a b
1 2
"a
[1,2
{a 1}
if a then
for x in return x
a == 1
a && b
!a
a ? 1 : 2
.
1..2
a.b.c
sak . id
// kommentar
1 // kommentar
/* kommentar */ 1
1 /* midt */ + 2
liste [1]
every x in liste satisfies x > 0 and true
item
{item: 1}.item
[{item: 5}][item = 5]
[{item: 5}][item.item = 5]
[{a: 1},{a: 2}][a > 1]
[{a: 1},{b: 2}][a = 1]
[{a: 1},{b: 2}][b = null]
[1,2,3,4][item > 2][1]
[1,2,3,4][even(item)]
count(personer[alder > 18]) > 0
string join(personer.navn, ", ")
if count(liste) > 2 and liste[1] = 3 then "ok" else "nei"
get or else(personer[navn = "Nils"][1].alder, 0)
"Hei " + sak.id + "!"
"Antall: " + string(count(liste))
not(a = 5)
not(ukjent)
a = 5 or ukjent = 3
a in [5, 6]
sak.status in ["åpen", "lukket"]
sak.status = "åpen" and a > 1
[1,2,3] = liste
list contains(["a","b"], sak.id)
ja = true
ja
ja = nei
ingenting
ingenting.felt
ingenting = null
tom = ""
tom
is blank(tom)
max(a, b)
5 = a
a != b
a >= b and a <= 10
-b
--1
1--1
1 - -1
a-b
(a)
((a + b)) * 2
string(date and time("2026-01-15T10:00:00"))
string(date and time("2026-01-15T10:00"))
string(date and time("2026-01-15T10:00:00Z"))
string(date and time("2026-01-15T10:00:00@Europe/Oslo"))
string(date and time("2026-01-15T10:00:00+02:00"))
string(time("10:15:00"))
string(time("10:15:30"))
string(time("10:15:00Z"))
string(time("10:15:00+02:00"))
string(time("10:15:00@Europe/Oslo"))
time("10:15:00Z")
string(1.5)
string(-0.5)
string(100)
string(100.00)
string(0.00001)
string(0.0000001)
string(1/100000000)
string(10/4)
string(2.50 + 2.50)
string(2.5 * 2)
string(b * 2)
string(b + b)
string(1.10 * 1.10)
string({a: null})
string([null, true])
string({"a b": 1})
string("a\\"b")
string(["a\\"b"])
string([date("2026-01-01")])
string([duration("P1D")])
string(sak)
string([1..2])
[{a:1}][b = null]
[{a:1}][b = null or a = 1]
[{a:1}][not(b = null)]
[{a:1}][is defined(b)]
[1][b = null]
[1][ukjent = null]
[1][null = null]
[{a:1}][item.b = null]
[{a:1}][b != null]
[{a:1}][get or else(b, 3) = 3]
[{a:1}][if b = null then true else false]
[{a:1}][null = b]
[{a:null}][a = null]
[{a:1, c: {d: 1}}][c.e = null]
[{a:1}][c.e = null]
liste[count(liste)]
liste[count(liste) - 1]
liste[a - 4]
liste[a > 3]
liste[a]
liste[b]
liste[1.5]
liste["x"]
liste[null]
liste[ukjent]
liste[item]
liste[-4]
liste[-0]
liste[even(item) and item > 1]
liste[item > 1 and item < 3]
liste[not(item = 1)]
liste[item in [1,2]]
liste[if item > 1 then true else false]
liste[(item > 1)]
[[1,2],[3]][1][2]
[[1,2],[3]][count(item) > 1]
personer[1].adresse
personer[3].adresse.by
personer.adresse
personer[item != null]
personer[navn]
[true,false][item]
for i in 1..count(liste) return liste[i]
for i in 1..0 return i
for i in 2..2 return i
for i in 1.5..3 return i
for i in 1 return i
for i in "ab" return i
for i in [1..3] return i
for p in personer, k in [1,2] return p.navn + string(k)
for i in 1..3 return if i = 1 then 1 else i * partial[-1]
some x in 1..3 satisfies x = 2
some p in personer satisfies p.alder > 100
some p in personer satisfies p.alder
every x in [true,null] satisfies x
some x in [null,true] satisfies x
some x in [null,false] satisfies x
some x in [null,false] satisfies "a"
some x in 5 satisfies x = 5
every p in personer satisfies p.navn != null
{a: 1, a: 2}
{a: {b: 1, c: b + 1}}
{a: 1, f: function(x) x + a, b: f(1)}.b
(function(x) x + 1)(2)
function(x: number) x
{"a": 1}.a
{"a-b": 1}.\`a-b\`
{a b: 1}
{if: 1}
{for: 1}.for
sak.\`id\`
-"a"
-null
-duration("P1D")
-[1]
1 + 2 = 3
1 < 2 = true
1 < 2 < 3
not 1 = 2
not(1 = 2) and true
1 = 1 and 2 = 2 or false
true or false and false
(true or false) and false
if 1 = 1 then 1 else 2 + 3
if 1 < 2 and 2 < 3 then "x" else "y"
(if true then 1 else 2) + 3
1 + if true then 1 else 2
5 between 1 and 10 and true
a in (1..10)
a in [null..10]
a in [1..null]
a in null
a in 5
a in (5)
a in (not(5))
a in (not 5)
a in "x"
a in [[5]]
a in [>3]
a in (<=5)
a in (1..5]
a in (null, 5)
a in (-)
null in null
null in (null, 1)
"b" in ["a".."c"]
duration("P1D") in [duration("PT1H")..duration("P2D")]
a in []
a in liste or a in [5]
a not in [1]
1 = 1 = true
date("2026-01-15") between date("2026-01-01") and date("2026-02-01")
date and time("2026-01-15T10:00:00Z") between date and time("2026-01-01T10:00:00Z") and date and time("2026-02-01T10:00:00Z")
"a" between "a" and "c"
date("2026-01-15") > date and time("2026-01-14T10:00:00")
date("2026-01-15") = date and time("2026-01-15T00:00:00")
date and time("2026-01-15T10:00:00") = date and time("2026-01-15T10:00:00Z")
date and time("2026-01-15T10:00:00Z") = date and time("2026-01-15T10:00:00Z")
date and time("2026-01-15T10:00:00+01:00") = date and time("2026-01-15T10:00:00@Europe/Oslo")
time("10:00:00Z") = time("12:00:00+02:00")
time("10:00:00Z") < time("12:00:01+02:00")
time("10:00:00") = time("10:00:00Z")
date and time("2026-01-15T10:00:00Z") - date and time("2026-01-14T09:00:00")
date("2026-01-15") - date and time("2026-01-14T09:00:00")
date and time("2026-01-15T10:00:00") - date("2026-01-14")
date("2026-01-15") + 1
date("2026-01-15") + "x"
duration("P1D") + date("2026-01-15")
duration("P1D") * 1.5
duration("PT1S") / 3
duration("P1M") / 2
duration("P1M") * 1.5
duration("P5M") / 2
duration("P1D") / 0
duration("P1D") / duration("PT0S")
duration("P1D") - date("2026-01-15")
duration("P1D") > duration("PT1H")
duration("P1D") != duration("PT1H")
duration("P1D") = duration("P1M")
duration("P1M") = duration("P30D")
duration("P1D") * duration("P1D")
date("2024-02-29") + duration("P1Y")
date("2026-03-31") - duration("P1M")
date and time("2026-03-29T01:30:00@Europe/Oslo") + duration("PT1H")
date and time("2026-03-29T02:30:00@Europe/Oslo")
date and time("2026-10-25T02:30:00@Europe/Oslo")
date and time("2026-02-28T02:30:00@Europe/Oslo") + duration("P1M")
date and time("2026-01-15T10:00:00@Nowhere/Town")
date and time("2026-01-15T10:00:00+01")
date and time("2026-01-15T10:00:00+0100")
date and time("2026-01-15T24:00:00")
date and time("2026-01-15T10:00:00z")
date and time("2026-01-15 10:00:00")
date("2026-01-15T10:00:00")
date("-2026-01-15")
date("12026-01-15")
date("2026-01-15Z")
date(null)
date(2026.5, 1, 1)
time("10:15:30.123")
time("10")
time(10, 15, 30.5)
time(null)
time(date("2026-01-15"))
duration("PT")
duration("P")
duration("P1.5D")
duration("P1DT")
duration("pt1h")
duration("PT-1H")
duration("P-1D")
duration("+P1D")
duration("P1Y0M")
duration(null)
duration("PT100S")
duration("PT0.5S")
string(duration("PT0S"))
string(duration("P0M"))
string(duration("-P14M"))
string(duration("-PT36H"))
years and months duration(date and time("2025-01-01T00:00:00"), date("2026-03-15"))
day of week("2026-01-15")
last day of month("2026-01-15")
@"x"
@"2026-13-01"
count([null])
min([1,null])
max(["a",1])
max([null])
min(3, 1.5)
max([[1]])
sum(["a","b"])
sum([duration("P1D"), duration("PT1H")])
sum(null)
mean([1,null])
mean(1)
median(1,2,3)
median("a")
mode(1,2,2)
stddev(1,2)
product(2,3)
product([1,null])
all([true,"x"])
all([false,"x"])
any([true,"x"])
all(null)
any(null)
all(true)
append([1])
append(1,2)
concatenate([1],null)
concatenate(null)
concatenate([[1],[2]])
concatenate()
sublist([1,2,3],0)
sublist([1,2,3],2,5)
sublist([1,2,3],1,0)
sublist([1,2,3],-5)
sublist(null,1)
insert before([1],0,2)
insert before([1],5,2)
insert before([1],1,null)
remove([1,2,3],0)
remove([1,2,3],-3)
remove([1,2,3],-4)
reverse([])
reverse(null)
index of(["a"],"a")
index of(null, 1)
union([1],null)
union(1,2)
distinct values([[1],[1]])
distinct values([{a:1},{a:1}])
flatten([])
flatten([1,[null]])
sort([3,1,2])
sort(["b","a"], function(a,b) a < b)
sort(liste, precedes: function(x,y) x < y)
partition([1,2,3], 1)
is empty("")
list contains([1,2], "1")
list contains([[1]], [1])
list contains(list: [1], element: 1)
duplicate values([1,1,1])
duplicate values(["a","b"])
substring("abc", 1, 0)
substring("abc", 4)
substring("abc", -4)
substring("abc", -5, 2)
substring("abc", 2, -1)
substring("abc", 1.9)
substring("abc", null)
substring("", 1)
substring("æøå", 2, 1)
string length("a\\nb")
upper case("i")
substring before(null, "a")
substring before("abcb", "b")
substring after("abcb", "b")
replace("aaa", "a", "$0b")
replace("aaa", "(a)", "\\\\1")
replace("abc", "B", "x", "i")
replace("a\\nb", "a.b", "x", "s")
replace("abc", "b", "$")
replace("abc", "[", "x")
replace("a.b.c", ".", "x")
matches("abc", "b")
matches("abc", "^b$")
matches("a\\nb", "^b$", "m")
matches("abc", "A B C", "xi")
matches("æ", "\\w")
matches("abc", "\\d")
matches("a1", "\\p{L}\\d")
matches("test@example.no", "^[^@]+@[^@]+$")
split("abc", "b|c")
split("a,b", ",", "x")
split(null, ",")
extract("a1b2", "[a-z]([0-9])")
extract("abc", "[")
trim(null)
to base64(null)
string join(["a"], 1)
string join("a", ",")
string join(null, ",")
starts with("a", null)
contains("a", "")
contains("a", 1)
number("1e3")
number(" 1 ")
number("-1.5")
number("+1")
number("1,5")
number("1.5", null, null)
number("1,5", null, ",")
number("1.000", ".", null)
number("1,000", ",", null)
number("1 000", " ")
number("1;0", ";")
number("0x10")
number("1.")
number(".5")
number("1_0")
decimal(2.345, 2)
decimal(-2.5, 0)
decimal(123, -1)
decimal(1.5, 1.5)
decimal(null, 1)
floor(1.234, 2)
floor(5, 1)
ceiling(1.231, 2)
floor(null)
round up(1.5, null)
round half up(2.5, 0)
round half up(-2.5, 0)
round half up(125, -1)
round half even(2.5, 0)
string(round half up(2.345, 2))
string(decimal(1, 2))
string(floor(1.5))
abs(duration("-P1DT1H"))
abs(-0)
modulo(5.5, 2)
modulo(a, 2) = 1
sqrt(a)
log(1)
exp(0)
exp(1)
log(2)
odd("1")
even(1.5)
is defined(ukjent.x)
is defined(sak.dype.ned)
is defined(liste[9])
is defined(1)
is defined([])
get or else(false, true)
get or else(1 + null, 2)
get value({a: null}, "a")
get value({a: 1}, [])
get value({a: 1}, ["a"])
get value({a: 1}, null)
get value({a: {b: 1}}, "a.b")
context put({a:1}, null, 2)
context put({a:1}, "b", null)
context put({a:1}, [], 2)
context put({a:1}, ["a","b"], 2)
context put(context: {a:1}, key: "b", value: 2)
context put(context: {a:1}, keys: ["b"], value: 2)
context merge([])
context merge(null)
context merge([{a:1},null])
context merge({a:{b:1}},{a:{c:1}})
context([{key:"a",value:1},{key:"a",value:2}])
context([{key:null,value:1}])
context([{x:1}])
get entries({})
get entries({z:1,y:2,x:3})
get entries(null)
get entries({c:1,b:2,a:3,e:4,d:5,f:6})
before([1..5],[6..10])
before(1, 1)
after([5..10], 4)
overlaps([1..5],[6..8])
overlaps([1..5],[5..8])
overlaps([1..5),[5..8])
before(date("2026-01-01"), date("2026-01-02"))
includes([1..10], 11)
during([4..6],[1..10])
starts([1..3],[1..5])
finishes([3..5],[1..5])
meets([1..5),[5..10])
coincides([1..5],[1..5))
{r: [1..5], x: 3 in r}.x
[1..5].start
{x: [1..5]}
if null = true then 1 else 2
if ja then 1 else 2
if tekst = "x" then 1 else ingenting
null + "a"
"a" + null
"a" + string(1)
"a" + "b" + "c"
sak.tall + 1
sak.tall * 1.5
a > null
not(null = 1)
ukjent > 1
ukjent > 1 or true
ukjent and true
ukjent or true
ukjent + 1
sak + 1
liste + 1
sak = null
sak != null
liste = null
liste = []
[] = []
{} = {}
sak.dype = {ned: {her: "bunn"}}
blandet[2]
blandet[3]
blandet[item = 1]
blandet[item = "x"]
blandet[item = null]
"\\t|\\r|\\\\|\\/"
""
"{}"
å
æøå = null
_x = null
$x
a1
1a
a.1
liste.1
date
string
count
not
null.a
true.a
"abc".length
liste.length
liste.a
liste.count
[1,[2,3]].x
a-1
a -1
a- 1
a*-1
sak.tall-1
sak.tall -1
2*3-1
10 / 3
string(10 / 3)
100 / 3 * 3
1.1 + 2.2
1.1 * 1.1
0.1 + 0.7
3 * 1.1
1e-3
1000000 * 1000000 * 1000000
1000000 * 1000000 * 1000000 * 1000000
4611686018427387904 * 2
0.5 + 0.5
string(0.5 + 0.5)
2.0
2.50
100 * 1.1
1.15 * 100
19.99 * 3
7 / 7
22 / 7
1 / 7
-7 / 2
-1 / 3
2 ** 10
2 ** 100
2 ** 0
0 ** 0
(-2) ** 3
-2 ** 2
10 ** -2
1.5 ** 2
if (a = 5) then "ja" else "nei"
if a=5 then "ja" else "nei"
count([1,2,3]) = 3 and not(list contains([1], 2))
[ 1 , 2 ]
{ a : 1 , b : "x" }
for x in [1,2] return {v: x}
for x in [1,2] return [x]
{a: for x in [1,2] return x}
{a: if true then 1 else 2, b: 3}
some x in [1,2] satisfies x = 1 and true
(some x in [1,2] satisfies x = 1) and true
personer[some x in [1] satisfies x = 1]
personer[contains(navn, "a")].navn
personer[string length(navn) = 3].navn
personer[alder >= 17 and alder <= 40].navn
personer[navn in ["Kari","Per"]].navn
personer[adresse != null].navn
personer[adresse.by != null].navn
personer[adresse.by = "Bodø"][1].alder
personer[-1].navn
personer[count(personer)].navn
sort(personer, function(x,y) x.navn < y.navn).navn
for p in personer return {navn: p.navn, voksen: p.alder >= 18}
for p in personer return if p.alder = null then "ukjent" else string(p.alder)
string join(for p in personer return p.navn, "; ")
sum(for p in personer[alder != null] return p.alder)
sum(personer[alder != null].alder)
max(personer[alder != null].alder)
count(personer[adresse.by = "Oslo"]) = 1
false in false
true in true
5 in (a = 5)
false in (1 = 2)
"x" in true
5 in ("x", 4)
5 in ("x", 5)
5 in (4, null)
null in (1, 2)
null in [1..2]
"x" in [1..2]
5 in ["x"]
5 in [null]
true in [true]
false in [true]
for i in 1..null return i
for x in [[1],[2]], y in x return y
for x in [1,2], y in [x] return y
some x in [[1],[2]], y in x satisfies y = 2
for p in sak return p
for x in [1,null,2] return x
"a\\bc"
"a\\'c"
"a\\fc"
"a\\rc"
"\\\\n"
"\\\\\\\\"
"\\x"
[1] = ["a"]
[1] != ["a"]
[null] = [null]
{a: null} = {a: null}
{a: 1} = {a: "1"}
{a: 1} = {b: 1}
sort(personer, function(x,y) x.alder < y.alder).navn
{a:1} < {b:1}
duration("P1D") in (duration("P1D"), 3)
time("10:00:00") = time("10:00:00")
time("10:00:00Z") = time("10:00:00+00:00")
date and time("2026-01-15T10:00:00Z") = date and time("2026-01-15T10:00:00+00:00")
date and time("2026-01-15T10:00:00@UTC")
date and time("2026-01-15T10:00:00@Z")
date and time("2026-01-15T10:00:00+00:00")
time("10:00:00@Europe/Oslo") < time("11:00:00Z")
time("10:00:00@Europe/Oslo") = time("10:00:00@Europe/Oslo")
time("10:00:00@Europe/Oslo") - time("09:00:00@Europe/Oslo")
time("10:00:00Z") - time("11:00:00+02:00")
time("10:00:00Z") - time("11:00:00")
time("10:00:00Z") + duration("PT1H")
date and time("2026-01-15T10:00:00Z") - duration("PT1H30M")
date and time("2026-03-28T10:00:00@Europe/Oslo") + duration("P1M")
date and time("2026-01-15T10:00:00@Europe/Oslo") - date and time("2026-01-15T10:00:00Z")
date and time("2026-03-30T10:00:00@Europe/Oslo") - date and time("2026-03-28T10:00:00@Europe/Oslo")
date("2026-01-15") + duration("-PT1H")
date("2026-01-15") - duration("PT1H")
date("2026-01-15") + duration("PT25H")
date("2026-01-15") - duration("PT25H")
date("2026-01-15") - duration("P1M")
time("10:00:00") + duration("P1M")
duration("P1M") + date("2026-01-15")
duration("PT1H") + time("10:00:00")
duration("PT1H") + date and time("2026-01-15T10:00:00")
duration("P1M") * 2.6
duration("PT1S") * 2.6
duration("PT1S") * -1
duration("P1D") / 0.5
duration("PT10S") / 3
duration("PT10S") / 4
duration("P1D") / duration("PT7H")
duration("P13M") / duration("P1Y")
2 / duration("P1D")
duration("P1D") / duration("P1M")
duration("P1Y") - duration("P1M")
duration("P1D").hours
duration("-P1DT2H").days
duration("-P1DT2H").hours
duration("-P14M").years
duration("-P14M").months
duration("PT36H").days
duration("PT36H").years
date("2026-01-15").hour
time("10:00:00").day
time("10:00:00Z").time offset
time("10:00:00Z").timezone
time("10:00:00@Europe/Oslo").timezone
time("10:00:00@Europe/Oslo").time offset
time("10:00:00").time offset
date and time("2026-01-15T10:11:12").weekday
date and time("2026-01-15T10:11:12.5").second
date and time("2026-01-15T10:11:12+02:00").timezone
date and time("2026-07-15T10:11:12@Europe/Oslo").time offset
date and time("2026-01-15T10:11:12").time offset
date and time("2026-07-15T10:11:12@Europe/Oslo").hour
date and time(date and time("2026-01-15T10:00:00+02:00"), time("11:00:00"))
date and time(date("2026-01-15"), date("2026-01-16"))
date and time(date("2026-01-15"))
date and time("2026-01-15", "Europe/Oslo")
date and time(date and time("2026-01-15T10:00:00"), "Europe/Oslo")
date and time("2026-01-15T10:00:00Z", "Europe/Oslo")
date and time(null)
date and time(1)
time(date and time("2026-01-15T10:00:00Z"))
time(date and time("2026-01-15T10:00:00@Europe/Oslo"))
time(10, 15, 0, null)
time(25, 0, 0)
time(10, 60, 0)
date(date("2026-01-15"))
date(date and time("2026-01-15T23:30:00@Europe/Oslo"))
date("2026-01-15", 1)
duration(1)
duration(duration("P1D"))
years and months duration(date("2026-01-31"), date("2026-03-30"))
years and months duration(date("2026-03-31"), date("2026-02-28"))
years and months duration(date("2026-03-01"), date("2026-02-28"))
month of year("x")
week of year(date("2026-12-31"))
week of year(date("2024-12-30"))
week of year(date and time("2026-01-01T00:00:00Z"))
day of year(date("2024-12-31"))
last day of month(date and time("2024-02-15T10:00:00Z"))
number("12345678901234567890")
number("1.50")
string(number("1.50"))
number("-")
number(".")
number("1,5", ",", ",")
number("1.5", ".", ".")
number("1 000 000,25", " ", ",")
number("1.5", ",", null)
number("1 5")
number("1d")
number("1f")
number("NaN")
median([1,2])
median(["a"])
median([1.5,2.5])
string(median([1,2]))
mean([0.1,0.2])
mean(["a"])
mean(null)
string(mean([1,2]))
sum(1)
sum("a")
sum([1,"a"])
sum([[1]])
min(1)
min("a", 1)
min(true, false)
min([true])
min([[1],[2]])
min(duration("P1D"), duration("PT1H"))
max(duration("P1D"), duration("P1M"))
max([1,2,"a"])
max(null, 1)
mode([1])
mode(["a","a","b"])
mode([1,1.0,2])
mode([null])
stddev([1,2,3])
stddev([2,4,7,5,1.5])
stddev([])
stddev(["a"])
stddev([1,1])
stddev([0.1,0.2,0.4])
product(["a"])
product([0.1,0.2])
product(2)
all()
all(1)
all([true,false,null])
any([null,true])
count("a")
list contains("a", "a")
list contains([1.0], 1)
append([1],null)
append([1],[2])
concatenate("a","b")
concatenate([],[])
insert before([1,2],-2,9)
insert before([1,2],-3,9)
insert before([],1,9)
insert before([1,2],"a",9)
remove([],1)
remove([1,2],3)
remove([1,2,3],1.5)
sublist([1,2,3],2,-1)
sublist([1,2,3],-2,5)
sublist([1,2,3],4)
sublist([],1)
union([1],[1.0])
union("a")
distinct values("a")
distinct values(null)
flatten("a")
flatten([[]])
duplicate values(null)
index of([[1],1],[1])
index of([1.0,1],1)
partition(null, 2)
partition([1,2], -1)
partition([1,2,3], 1.5)
is empty({})
sort([], function(x,y) x < y)
sort(null, function(x,y) x < y)
sort([1,"a",2], function(x,y) x < y)
sort([2,1], function(x) x)
substring("foobar", 0, 2)
substring("foobar", 7)
substring("foobar", 8)
substring("foobar", -6)
substring("foobar", -7)
substring("foobar", -7, 3)
substring("foobar", 8, 1)
substring("foobar", 7, 1)
substring("foobar", 2, 0)
substring("foobar", -2, 5)
substring("foobar", 1, 2.7)
substring("foobar", -1.5)
substring(1, 1)
string length(1)
substring before("", "")
substring after("foo", "o")
substring before("foobar", "o")
upper case("æøå")
starts with("", "")
ends with("abc", "")
contains(1, "a")
trim(" a ")
is blank(" ")
is blank(1)
to base64("")
string join(["a","b"], "")
string join([null], ",")
string join(["a"], ",", "[")
string join(["a"], ",", null, null)
string join([], ",", "<", ">")
split("a b", " ")
split("abcabc", "b")
split("a1b22c", "[0-9]+")
split("a|b", "\\|")
extract("abab", "a")
replace("abc", "(b)", "[$1]")
replace("abc", "x", "$1")
replace("abc", "b", "$1")
replace("a b", "\\s+", "")
matches("abc\\n", "^abc$")
matches("A", "a", "i")
matches("Æ", "æ", "i")
matches("abc", "")
matches("a", "b", null)
matches(null, "a")
matches("abc", null)
decimal(1.5, -1)
decimal(15, -1)
decimal(25, -1)
string(decimal(15, -1))
string(decimal(1, 0))
string(decimal(1.005, 5))
floor(1.55, -1)
floor(15, -1)
ceiling(11, -1)
round up(11, -1)
round half up(1.005, 2)
round half up(1, 2)
string(round half up(1, 2))
round half down(2.5, 0)
round half down(-2.5, 0)
round up(-1.1, 0)
round down(1.129, 2)
floor("a")
floor(1.5, null)
abs(1.50)
string(abs(-1.50))
modulo(-1.5, 1)
modulo(5, 0.3)
modulo("a", 1)
modulo(5, -3)
modulo(0, 5)
odd(0)
even(-2)
odd(null)
sqrt(0)
sqrt(2.25)
string(sqrt(16))
string(2 ** 3)
string(2 ** -1)
2 ** 2.0
2.5 ** 3
string(1.5 ** 2)
3 ** -1
0 ** -1
2 ** "a"
2 ** null
get value({a:1}, 1)
get value("a", "b")
get value({a:1}, ["a","b"])
get value({a:{b:1}}, ["a"])
get value({"a.b":1}, "a.b")
context put({a:1}, 1, 2)
context put({a:1}, ["b","c"], 2)
context put({a:1}, [1], 2)
context put({}, ["a","b","c"], 1)
context merge({a:1})
context merge({a:1}, null)
context merge("a")
context([{key:"a"}])
context([{value:1}])
context(null)
context([{key:1,value:1}])
context([{key:"a",value:1,x:2}])
assert(1 = 1, true)
assert(null, true)
assert(a, null)
assert(a, "x")
is defined(partial)
string(function(x) x)
string(ukjent)
not(not(true))
not("a")
{a: 1}["a"]
{a: 1}[a = 1]
{a: 1}[1]
"a" instance of number
null instance of number
ukjent instance of string
a instance of Any
a instance of date
time("10:00:00") instance of time
date and time("2026-01-15T10:00:00") instance of date and time
duration("P1D") instance of duration
function(x) x instance of function
[1] instance of list
{} instance of context
a instance of boolean
if [] then 1 else 2
[1,2,3][item >= 2][1]
[1,2,3][ item >= 2 ]
[[1,2],[3,4]][1][1]
[1,2,3][-1] + 1
count([1,2][item > 1])
personer[1]
personer[4]
liste[a].x
(personer[navn = "Kari"])[1].adresse.by
personer[navn = "Kari" and alder > 1].navn
personer[alder in [17..40]].navn
personer[alder between 18 and 50].navn
personer[is defined(alder)].navn
personer[not(alder = null)].navn
personer[starts with(navn, "K")].navn
personer[sak.id = "S-1"].navn
personer[item.adresse.by = "Oslo"].navn
personer[(alder > 18)].navn
personer[alder].navn
liste[item = a - 4]
liste[item > sak.tall - 5]
[{x: 1}, {x: 2}][x = 2].x
[{x: 1}, {x: 2}][x = 2][1]
[{x: 1}, 5][x = 1]
[5, {x: 1}][item = 5]
[null, 1][item = null]
[null, {x: 1}][x = 1]
[true, false][item = true]
[true, false][not(item)]
[1,2,3][if item = 2 then true else null]
[1,2,3][some x in [2] satisfies x = item]
[1,2,3][item in [2,3]]
[1,2,3][item between 2 and 3]
[1,2,3][1 + 1]
[1,2,3][a - 3]
[1,2,3][-(1)]
[1,2,3][sak.tall - 5]
[1,2,3][null = null]
now() > date and time("2020-01-01T00:00:00Z")
today() > date("2020-01-01")
now() > date and time("2020-01-01T00:00:00")
string length(uuid())
random number() < 1
date(now()) = today()
[1,2] < [1,3]
[1] < [1,2]
[1,2] < [3]
[] < []
["a"] < ["b"]
[null] < [1]
[1] < ["a"]
liste < [1,2,3]
[1,2,3] < [1,2,4]
{a:1} < {a:2}
[true] < [false]
liste < liste
personer < personer
[1] <= [1]
[1,2] <= [1,2]
[1,2] < ["a",2]
[1] between [0] and [2]
([1] < [2])
([1] < [2]) = null
[1] < 2
string([1] < [2])
not([1] < [2])
[liste < liste]
min([liste, liste])
max([[1,2],[1,3]])
[[1]] < [[2]]
[{a:1}] < [{a:1}]
1 + ([1] < [2])
(personer.alder >= personer.alder)
blandet > liste
liste > blandet
`
  .split('\n')
  .slice(1, -1);
