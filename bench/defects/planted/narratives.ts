/** Narratives: XHTML by the rules of FHIR. */
import { html, xhtml } from './kit.ts'
import { on, type Plant } from './spots.ts'

export const narratives: Readonly<Record<string, Plant>> = {
  'script in the narrative': html(xhtml('<p>Hello</p><script>alert(1)</script>')),
  'event attribute in the narrative': html(xhtml('<p onclick="go()">Hello</p>')),
  'narrative without namespace': html('<div><p>Hello</p></div>'),
  'narrative that is not well-formed': html(xhtml('<p>Hello')),
  'form in the narrative': html(xhtml('<form><input type="text"/></form>')),
  'narrative without content': html(xhtml('  ')),
  'narrative without status': on(
    undefined,
    (resource) => {
      if (resource.resourceType === 'Binary') return undefined
      resource.text = { div: xhtml('<p>Hello</p>') }
      return [`${resource.resourceType}.text`, `${resource.resourceType}.text.status`]
    },
    ['cardinality-min'],
  ),
}
