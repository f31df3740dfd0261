/** BCP-47 (RFC 5646): the grammar of language tags, ISO 639-1 for those of two letters, and the parts that filters of value sets ask for. */
import type { Filter } from './sheets.ts'

const tag =
  /^(?:(?<language>[a-z]{2,3}(?<extlang>(?:-[a-z]{3}){1,3})?)(?<script>-[a-z]{4})?(?<region>-(?:[a-z]{2}|[0-9]{3}))?(?<variant>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))+)?(?<extension>(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)+)?(?<privateuse>-x(?:-[a-z0-9]{1,8})+)?|(?<onlyprivate>x(?:-[a-z0-9]{1,8})+)|i-[a-z]+|art-lojban|zh-min(?:-nan)?)$/i

/** ISO 639-1, with the six codes that were withdrawn and live on in old records. */
const twoLetters = new Set(
  'aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu in iw ji jw mo sh'.split(
    ' ',
  ),
)

/** Is it a tag? Of languages with three letters only the form is judged; there are none with more. */
export function isLanguageTag(code: string): boolean {
  if (!tag.test(code)) return false
  const [first] = code.split('-') as [string]
  return first.length !== 2 || twoLetters.has(first.toLowerCase())
}

/** The properties of http://hl7.org/fhir/R4/valueset-languages and the filters on it, by the names of the groups above. */
const parts: Readonly<Record<string, string>> = {
  language: 'language',
  'ext-lang': 'extlang',
  script: 'script',
  region: 'region',
  variant: 'variant',
  extension: 'extension',
  'private-use': 'privateuse',
}

/** A filter as a test of tags; undefined where it is not understood. */
export function languageFilter({ property, op, value }: Filter): ((code: string) => boolean) | undefined {
  const part = parts[property]
  if (part === undefined || (op !== 'exists' && op !== '=')) return undefined
  return (code) => {
    const groups = tag.exec(code)?.groups
    const found = groups?.[part] ?? (part === 'privateuse' ? groups?.onlyprivate : undefined)
    return op === 'exists' ? (found !== undefined) === (value === 'true') : found?.replace(/^-/, '') === value
  }
}
