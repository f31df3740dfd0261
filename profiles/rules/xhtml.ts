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

/** XML's own five and those of HTML 4 (section 24). */
export const entities: ReadonlySet<string> = new Set(
  `amp lt gt quot apos
nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo
frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve
Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute
ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml
OElig oelig Scaron scaron Yuml fnof circ tilde Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau
Upsilon Phi Chi Psi Omega alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi
psi omega thetasym upsih piv ensp emsp thinsp zwnj zwj lrm rlm ndash mdash lsquo rsquo sbquo ldquo rdquo bdquo dagger Dagger bull hellip permil
prime Prime lsaquo rsaquo oline frasl euro image weierp real trade alefsym larr uarr rarr darr harr crarr lArr uArr rArr dArr hArr forall part exist
empty nabla isin notin ni prod sum minus lowast radic prop infin ang and or cap cup int there4 sim cong asymp ne equiv le ge sub sup nsub sube supe
oplus otimes perp sdot lceil rceil lfloor rfloor lang rang loz spades clubs hearts diams`.split(/\s+/),
)
