/** Expressions of every kind that ours and the library must answer alike, one a line. */

export const ofPatient = `name.given.count() = 3
name.given.distinct().count() = 2
name.given.isDistinct()
name.given.first() = 'Ann'
name.given.last()
name.given.tail().count()
name.given.skip(1).take(1)
name[0].given[1]
name.given[5].empty()
name.where(use = 'official').given
name.all(given.exists())
name.exists(use = 'old')
name.select(given | family)
name.given | name.family
name.given.union(name.family).count()
name.given.combine(name.family).count()
name.given.intersect('Ann' | 'Zed')
name.given.exclude('Ann')
name.given.subsetOf('Ann' | 'Bea' | 'C')
('Ann').subsetOf(name.given)
name.given.supersetOf('Ann')
'Ann' in name.given
name.given contains 'Bea'
name.family.length()
name.family.substring(1, 2)
name.family.substring(9)
name.family.substring(-1)
name.family.substring(0, 99)
name.family.startsWith('Ad')
name.family.endsWith('ms')
name.family.contains('da')
name.family.upper()
name.family.lower() = 'adams'
name.family.replace('a', 'o')
name.family.matches('^A.*s$')
name.family.matches('d')
name.family.replaceMatches('[a-d]', '')
name.family.indexOf('a')
name.family.toChars().count()
name.family & 'x'
name.text & {} & 'q'
name.family + 'x'
'a,b,c'.split(',')
name.given.join('-')
' a '.trim()
identifier.value.toInteger()
identifier.value[0].toInteger()
identifier[0].value.convertsToInteger()
'1.5'.toDecimal()
'abc'.toDecimal().empty()
'true'.toBoolean()
'Y'.toBoolean()
1.toString()
1.0 = 1
1 = 1.00
1 ~ 1.0
'A' ~ 'a'
'a' = 'A'
1 + 2 * 3
7 div 2
7 mod 2
7 / 2
-3.abs()
(-3).abs()
1.5.ceiling()
1.5.floor()
1.55.round(1)
4.sqrt()
2.power(3)
1 < 2
'a' < 'b'
@2020 < @2021
@2020 < @2020-05
@2020-05-01 = @2020-05-01
@2020-05-01T10:00:00Z = @2020-05-01T12:00:00+02:00
@2020 = @2020-01
@2020 ~ @2020-01
birthDate < today()
birthDate = @1980-02-29
birthDate + 1 year
birthDate >= @1980
birthDate is date
birthDate is string
birthDate is Date
birthDate is FHIR.date
active is boolean
active
active and {}
active or {}
{} or active
{} and false
false and {}
{} implies true
{} implies false
false implies {}
true implies {}
true xor {}
true xor false
active.not()
{}.not()
gender in ('male' | 'female')
gender = 'male' or gender = 'female'
multipleBirth is integer
multipleBirth.exists()
multipleBirth > 1
multipleBirth as integer
multipleBirth.ofType(integer)
multipleBirth.ofType(boolean)
(multipleBirth is boolean) or (multipleBirth as integer) = 2
deceased.exists()
deceased.empty()
extension('http://x').value.value
extension.where(url = 'http://y').value
extension('http://x').exists()
extension.value.ofType(Quantity).value
extension('http://x').value is Quantity
extension('http://x').value.is(Quantity)
extension('http://x').value > 2 'kg'
extension('http://x').value = 3000 'g'
extension('http://x').value ~ 3 'kg'
telecom.where(system = 'phone').rank
telecom.rank.sum()
telecom.rank.max()
telecom.rank.min()
telecom.rank.avg()
telecom.aggregate($this.rank + $total, 0)
telecom.sort(rank).value
telecom.select($index)
name.repeat(given)
contact.relationship.coding.code
contact.descendants().count() > 3
contact.children().count()
Patient.name.family
Patient.birthDate
%resource.id
%context.id
%rootResource.id
%ucum
iif(active, 'y', 'n')
iif(name.empty(), 'y')
iif(active, 1)
(true | false).allTrue()
(true | false).anyFalse()
(true).allFalse()
name.period.start <= name.period.end
name[0].period.start < name[0].period.end
name.first().period.start.toString()
name.family = 'Adams'
name.given = 'Ann'
name.given = ('Ann' | 'Bea')
name.given != 'Ann'
identifier.value = identifier.value
{} = {}
{} = 1
name.single().family
name[0].single().family
id.matches('^p$')
id.exists() and name.count() > 1
(1 | 2 | 3).where($this > 1)
(1 | 2 | 2).count()
'abc'.encode('hex')
(1 | 2) contains 1
name.given.exists() and name.given.first().length() > 2
name.where($this.use = 'old').exists().not()
gender.hasValue()
maritalStatus.hasValue()
birthDate.toString().length()
'10' > '9'
10 > 9.5
name.family.empty() xor name.text.empty()
$this.name.count()
$this is Patient
$this is Resource
$this is DomainResource
Patient.exists()
name is HumanName
name[0] is HumanName
name[0] is Element
type().name
name[0].type().name
name.given.where($index > 0)
'a' | 'b' = 'a'
'2020-01-01'.toDate() = @2020-01-01
'2020-01'.convertsToDate()
'10:00'.toTime()
@T10:00 < @T11:00
birthDate.lowBoundary()
1.587.precision()
name.given.first().toChars()
contact.name.family | name.family
contact.name.family or true
name.given.count() - 1 = 2
(name.given.count() > 1) and (name.family.count() = 1)
name.given.subsetOf(name.given)
name.empty() or name.given.empty()`.split('\n')

export const ofObservation = `value is Quantity
value.value = 5.4
value > 5 'g'
value < 1 'kg'
value = 5.4 'g'
value.unit
value as Quantity
value.ofType(Quantity).code
Observation.value.value
(value as Quantity).value
component.value
component.value.ofType(string)
component.where(value is integer).value
component.value.toInteger()
component.all(value.exists())
component.code.coding.code
component.where(code.coding.code = 'a').value
component.select(value is string)
code.coding.where(system = 'http://loinc.org').code
code.coding.first().display
code.coding.exists(code = 'z')
code.coding.code contains 'z'
code.coding.count() = 2 and code.text.exists()
effective is dateTime
effective <= issued
effective = issued
effective.toString().length()
effective.ofType(dateTime) > @2020
effective is Period
referenceRange.all(low <= high)
referenceRange.low < referenceRange.high
contained.where(id = 'c').exists()
contained.ofType(Patient).id
contained.id
%resource.contained.id contains 'c'
subject.reference.substring(1) in %resource.contained.id
dataAbsentReason.empty() or value.empty()
status in ('final' | 'amended')
status = 'final' implies value.exists()
(component.empty() and hasMember.empty()) implies (dataAbsentReason.exists() or value.exists())
value.code = component.code.coding.code
code.coding.select(system & '|' & code)
code.coding.system.distinct().count()
component.value is boolean
component[2].value
component[2].value.not()
component.exists(value = false)
component[1].value + 1
component[0].value + '1'
component[0].value.length()
descendants().where($this is Reference).count()
descendants().reference
children().count() > 5
issued > effective
issued is instant
component.value.ofType(boolean) = false`.split('\n')
