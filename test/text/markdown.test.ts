import t from 'tap'
import { plainText, renderMarkdown } from '../../server/text/markdown.ts'
import { nested } from './nesting.ts'

const hostile = [
  '[a](javascript:alert(1))',
  '[a](JaVaScRiPt:alert(1))',
  '[a]( javascript:alert(1))',
  '[a](java\nscript:alert(1))',
  '[a](java&#10;script:alert(1))',
  '[a](&#106;avascript:alert(1))',
  '[a](&#x6A;avascript&colon;alert(1))',
  '[a](%6aavascript:alert(1))',
  '[a](\x01javascript:alert(1))',
  '[a](javascript&#58;alert(1))',
  '[a](vbscript:msgbox(1))',
  '[a](data:text/html,<script>alert(1)</script>)',
  '[a](data:image/png;base64,AAAA)',
  '[a](data:image/svg+xml,<svg onload=alert(1)>)',
  '[a](file:///etc/passwd)',
  '[a](ftp://x.org/)',
  '[a](//evil.org)',
  '[a](/relative)',
  '[a](\\\\evil.org)',
  '[a](blob:https://x.org/1)',
  '[a](view-source:https://x.org)',
  '<javascript:alert(1)>',
  '<data:text/html,x>',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<iframe src="https://x.org"></iframe>',
  '<svg/onload=alert(1)>',
  '<style>*{display:none}</style>',
  '<!-- <script> -->',
  '<![CDATA[<script>]]>',
  '<?php echo 1 ?>',
  '</div></main><form action="https://evil.org">',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;',
  '![x](javascript:alert(1))',
  '![x](https://evil.org/pixel.gif)',
  '![x" onerror="alert(1)](https://x.org/a.png)',
  '[![x](https://x.org/a.png)](https://x.org)',
  '[a](https://x.org "t\\" onmouseover=\\"alert(1)")',
  '[a](https://x.org/"onmouseover="alert(1))',
  '[a](<https://x.org/" onclick="alert(1)>)',
  '[a][1]\n\n[1]: javascript:alert(1)',
  '[a][1]\n\n[1]: https://x.org "><script>alert(1)</script>"',
  '```"><script>alert(1)</script>\nx\n```',
  '```js" onclick="alert(1)\nx\n```',
  '`<script>alert(1)</script>`',
  '| a |\n|--:|\n| <b onclick=x> |',
  '# <script>alert(1)</script>',
  '[[[a](javascript:x)](javascript:y)](javascript:z)',
  '[a](javascript:x) https://x.org/javascript:alert(1)',
  'www.x.org/"onmouseover=alert(1)',
  'mailto:a@b.org?body=<script>',
  '\u0000<scr\u0000ipt>alert(1)</scr\u0000ipt>',
  '\u202e<script>',
]

t.test('hostile texts give nothing but known tags with known attributes', async (t) => {
  t.ok(hostile.length >= 40)
  for (const text of hostile) t.same(strange(renderMarkdown(text)), [], JSON.stringify(text))
})

t.test('5,000 characters of nesting give nothing else either', async (t) => {
  for (const text of nested) t.same(strange(renderMarkdown(text)), [], text.slice(0, 10))
})

t.test('ordinary texts', async (t) => {
  t.equal(renderMarkdown('Bonjour *à* **tous**'), '<p>Bonjour <em>à</em> <strong>tous</strong></p>\n')
  t.equal(renderMarkdown('voir https://x.org/a'), '<p>voir <a href="https://x.org/a" rel="nofollow noopener ugc">https://x.org/a</a></p>\n')
  t.match(renderMarkdown('[écrire](mailto:a@x.org)'), '<a href="mailto:a@x.org" rel="nofollow noopener ugc">écrire</a>')
  t.match(renderMarkdown('![un *plan*](https://x.org/p.png)'), '<a href="https://x.org/p.png" rel="nofollow noopener ugc">un *plan*</a>')
  t.match(renderMarkdown('[![plan](https://x.org/p.png)](https://x.org)'), /^<p><a href="https:\/\/x\.org"[^>]*>plan<\/a><\/p>\n$/)
})

t.test('the highest heading is h3, or what the page asks for', async (t) => {
  t.equal(renderMarkdown('# a\n## b\n###### c'), '<h3>a</h3>\n<h4>b</h4>\n<h6>c</h6>\n')
  t.equal(renderMarkdown('## a\n### b'), '<h3>a</h3>\n<h4>b</h4>\n')
  t.equal(renderMarkdown('## a', { headingOffset: 3 }), '<h4>a</h4>\n')
})

t.test('plain text keeps the words', async (t) => {
  const text =
    '# Titre\n\nUn [lien](https://x.org) et `du code`,\nune *image* ![alt](https://x.org/a.png) &amp; <b>\n\n- un\n- deux\n\n```\nbloc\n```'
  t.equal(plainText(text), 'Titre Un lien et du code, une image alt & <b> un deux bloc')
  t.equal(plainText(''), '')
})

/** The tags of `html` that the renderer should never write. */
function strange(html: string): string[] {
  const known = /^<\/?(p|em|strong|s|ul|li|blockquote|pre|code|h[3-6]|table|thead|tbody|tr|th|td|br|hr)>$|^<ol( start="\d+")?>$|^<\/(ol|a)>$/
  const link = /^<a href="(https?:\/\/|mailto:)[^"<>\s]+"( title="[^"<>]*")? rel="nofollow noopener ugc">$/
  const code = /^<code class="language-[^"<>\s]*">$/
  const tags = html.match(/<[^>]*>?/g) ?? []
  return tags.filter((tag) => !known.test(tag) && !link.test(tag) && !code.test(tag))
}
