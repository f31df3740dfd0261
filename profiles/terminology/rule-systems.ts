/** Code systems whose codes follow a grammar or a short list, so that no list of concepts is needed to judge one. */
import { createRequire } from 'node:module'
import { isLanguageTag, languageFilter } from './languages.ts'
import type { Filter } from './sheets.ts'

/** True, false, or undefined where the rule cannot tell. */
export type CodeRule = (code: string) => boolean | undefined

/** BCP-13 (RFC 6838): type/subtype with parameters. */
const mime =
  /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9*][a-z0-9!#$&^_.+-]{0,126}(\s*;\s*[a-z0-9!#$&^_.+-]+=("[^"]*"|[^;\s"]+))*$/i

const currencies =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GGP GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS IMP INR IQD IRR ISK JEP JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SPL SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TVD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VEF VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWD ZWL'
const currencyCodes = new Set(currencies.split(' '))

/** Units that are seen every day; the library is asked only for others. */
const everydayUnits = new Set(
  '1 % /min {score} {count} {beats}/min a mo wk d h min s ms mm[Hg] kg g mg ug ng mL L dL cm m mm in_i [in_i] [ft_i] [lb_av] [oz_av] kg/m2 mg/dL g/dL mmol/L ng/mL ug/mL U/L [IU]/L mEq/L Cel [degF] cm2 m2 /uL 10*3/uL 10*6/uL fL pg'.split(
    ' ',
  ),
)

interface UcumLibrary {
  readonly UcumLhcUtils: {
    getInstance(): {
      validateUnitString(unit: string): { status: string; ucumCode: string | null }
      convertUnitTo(from: string, value: number, to: string): { status: string }
    }
  }
}
let ucum: ReturnType<UcumLibrary['UcumLhcUtils']['getInstance']> | undefined
const units = new Map<string, boolean>()

function library(): NonNullable<typeof ucum> {
  ucum ??= (createRequire(import.meta.url)('@lhncbc/ucum-lhc') as UcumLibrary).UcumLhcUtils.getInstance()
  return ucum
}

/** UCUM by the National Library of Medicine's library, loaded when a unit first asks for it. */
function isUnit(code: string): boolean {
  if (everydayUnits.has(code)) return true
  const known = units.get(code)
  if (known !== undefined) return known
  // The library says aloud what it finds odd, so that the plainly impossible is not shown to it.
  if (!/^[!-~]+$/.test(code)) return false
  const result = library().validateUnitString(code)
  const valid = result.status === 'valid' && result.ucumCode === code
  units.set(code, valid)
  return valid
}

const alike = new Map<string, boolean>()

/** Do two units measure the same? */
function isCommensurable(code: string, with_: string): boolean {
  const key = `${code} ${with_}`
  const known = alike.get(key)
  if (known !== undefined) return known
  const answer = isUnit(code) && library().convertUnitTo(code, 1, with_).status === 'succeeded'
  if (alike.size < 5000) alike.set(key, answer)
  return answer
}

/** Units narrowed by what they measure: those with the same canonical unit in UCUM. */
const unitFilter = ({ property, op, value }: Filter): ((code: string) => boolean) | undefined =>
  property === 'canonical' && op === '=' ? (code) => isCommensurable(code, value) : undefined

const filtersOf: Readonly<Record<string, (filter: Filter) => ((code: string) => boolean) | undefined>> = {
  'urn:ietf:bcp:47': languageFilter,
  'http://unitsofmeasure.org': unitFilter,
}

export const ruleSystems: Readonly<Record<string, CodeRule>> = {
  'urn:ietf:bcp:47': isLanguageTag,
  // FHIR's own short names of its formats are at home wherever a MIME type is (http://hl7.org/fhir/R4/http.html#mime-type).
  'urn:ietf:bcp:13': (code) => code === 'json' || code === 'xml' || code === 'ttl' || mime.test(code),
  'urn:iso:std:iso:4217': (code) => currencyCodes.has(code),
  'http://unitsofmeasure.org': isUnit,
  'urn:ietf:rfc:3986': (code) => /^[a-z][a-z0-9+.-]*:[^\s]+$/i.test(code),
}

/** States, territories and military "states" of the United States Postal Service (Publication 28, appendix B). */
const states =
  'AA AE AK AL AP AR AS AZ CA CO CT DC DE FL FM GA GU HI IA ID IL IN KS KY LA MA MD ME MH MI MN MO MP MS MT NC ND NE NH NJ NM NV NY OH OK OR PA PR PW RI SC SD TN TX UT VA VI VT WA WI WV WY'

/** Systems of which the whole list is short and everybody's. */
export const listSystems: Readonly<Record<string, ReadonlySet<string>>> = {
  'https://www.usps.com/': new Set(states.split(' ')),
}

/** What a filter of a value set says of the codes of a system by rule, or undefined where it is not understood. */
export function ruleFilter(system: string, filters: readonly Filter[]): CodeRule | undefined {
  const filterOf = filtersOf[system]
  if (!filterOf) return undefined
  const tests = filters.map(filterOf)
  return tests.every((test) => test !== undefined) ? (code) => tests.every((test) => test(code)) : undefined
}
