/** The vocabulary of narratives: the elements, attributes and entities of XHTML that FHIR lets in (R4 narrative.html). */

export const elements: ReadonlySet<string> = new Set(
  'p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite blockquote hr address bdo kbd sub sup ul ol li dl dt dd pre table caption colgroup col thead tr tfoot tbody th td code samp img map area u'.split(
    ' ',
  ),
)

const everywhere: ReadonlySet<string> = new Set(
  'title style class id lang xml:lang xml:space dir accesskey tabindex span width align valign char charoff abbr axis headers scope rowspan colspan'.split(
    ' ',
  ),
)

const onElements: Readonly<Record<string, string>> = {
  a: 'href name rel rev type hreflang charset shape coords',
  img: 'src alt longdesc height border usemap ismap',
  area: 'shape coords href nohref alt',
  map: 'name',
  table: 'summary border frame rules cellspacing cellpadding',
  blockquote: 'cite',
  q: 'cite',
  ol: 'start type compact',
  ul: 'type compact',
  dl: 'compact',
  li: 'value type',
  td: 'nowrap height',
  th: 'nowrap height',
}
const own: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(onElements).map(([name, list]) => [name, new Set(list.split(' '))]),
)

/** May the element have that attribute? */
export const allowsAttribute = (element: string, attribute: string): boolean =>
  everywhere.has(attribute) || own.get(element)?.has(attribute) === true

/** XML's own five. Those of HTML (&nbsp; and the like) are not defined in XML, so characters stand in their place (R4 narrative.html). */
export const entities: ReadonlySet<string> = new Set(['amp', 'lt', 'gt', 'quot', 'apos'])
