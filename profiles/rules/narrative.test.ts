/** The XHTML of narratives, text by text. */
import { describe, expect, it } from 'vitest'
import { narrativeProblem } from './narrative.ts'

const div = (inner: string, more = ''): string => `<div xmlns="http://www.w3.org/1999/xhtml"${more}>${inner}</div>`

describe('a narrative', () => {
  it.each([
    div('text'),
    div('<p>a &amp; b &lt; c &#160; &#xA0; &quot; &apos;</p>'),
    div('<img src="a.png" alt="a"/>'),
    div('<table class="x"><tr><td colspan="2">a<br/>b</td></tr></table>', ' lang="en" xml:lang="en"'),
    div('<!-- note --><p>a</p>'),
    div('<p>&#945; &#x1F600; a &gt; b</p>'),
    div('<ol start="2"><li value="3">a</li></ol><q cite="http://x">a</q>'),
    div('<a href="http://x?a=1&amp;b=2">a</a>'),
    div('<a href="#x" name="y">a</a>'),
    div("<p style='color: red'>a</p>"),
    div('<p>a</p ><b>b</b\n>'),
    ` ${div('a')}\n`,
    div('\u{1f600}'),
  ])('may be %s', (text) => {
    expect(narrativeProblem(text)).toBeUndefined()
  })
  it.each([
    ['text', 'text outside'],
    ['<p xmlns="http://www.w3.org/1999/xhtml">a</p>', 'must be a <div>'],
    ['<div>a</div>', 'namespace'],
    ['<div xmlns="http://other">a</div>', 'namespace'],
    [div('<p>a'), 'closes'],
    [div('<b><i>a</b></i>'), 'closes'],
    [div('<b>a</b class="x">'), 'closes'],
    [div('<b>a</b/>'), 'closes'],
    [`${div('a')}<div xmlns="http://www.w3.org/1999/xhtml">b</div>`, 'more than one'],
    [div('<script>a</script>'), '<script>'],
    [div('<form>a</form>'), '<form>'],
    [div('<iframe src="x">a</iframe>'), '<iframe>'],
    [div('<p onclick="x()">a</p>'), 'onclick'],
    [div('<a href="javascript:x()">a</a>'), 'active content'],
    [div('a & b'), 'begins no entity'],
    [div('&unknown;'), 'entity'],
    [div('a&nbsp;b'), 'entity'],
    [div('&copy;'), 'entity'],
    [div('a < b'), 'not well-formed'],
    [div('<p title="a & b">a</p>'), 'begins no entity'],
    [div('<p title="&unknown;">a</p>'), 'entity'],
    [div('<p class="a" class="b">a</p>'), 'twice'],
    [div('<p href="#a">a</p>'), 'attribute href'],
    [div('<ins>a</ins>'), '<ins>'],
    [div('a&#0;'), 'character that XML does not have'],
    [div('a&#xD800;'), 'character that XML does not have'],
    [div('a\u0001'), 'control character'],
    [div('\u{1f600}\u0001'), 'control character'],
    [div('a\ud83d'), 'surrogate'],
    [div('<p class=x>a</p>'), 'not well-formed'],
    [div('   '), 'says nothing'],
    [div('<p> </p>'), 'says nothing'],
    ['', 'no <div>'],
    [`<?xml version="1.0"?>${div('a')}`, 'processing instruction'],
    ['<div xmlns="http://www.w3.org/1999/xhtml">a', 'does not close'],
  ])('may not be %s', (text, problem) => {
    expect(narrativeProblem(text)).toContain(problem)
  })
  it('names the places that it links to', () => {
    const anchors: string[] = []
    narrativeProblem(div('<a href="#one">a</a><a class="x" href="#two">b</a><a href="http://x#y">c</a>'), anchors)
    expect(anchors).toEqual(['one', 'two'])
  })
})
