import Handlebars from 'handlebars'
import t, { type Test } from 'tap'
import { loadViews, readViews, renderView, strictModel, walkTemplate } from '../../server/http/views.ts'
import { loadTranslations } from '../../server/text/translate.ts'

const viewDir = `${import.meta.dirname}/../../views`
const asset = (name: string) => `/static/${name}`

type Fixture = Parameters<Test['testdir']>[0] & object

function load(t: Pick<Test, 'testdir'>, files: Fixture) {
  const dir = t.testdir({
    locale: {
      'fr.json': '{"hello": "Bonjour {name}"}',
      'en.json': '{"hello": "Hello {name}", "n": "{count, plural, one {# group} other {# groups}}"}',
    },
    ...files,
  })
  return loadViews({ dir, translations: loadTranslations(`${dir}/locale`), asset })
}

t.test('words, numbers and names are in the reader’s language, inside each and partials too', async (t) => {
  const views = load(t, {
    'a.hbs': "{{#> layout/page title='T'}}{{t 'hello' name=name}} {{#each list}}{{> part/one}}{{/each}}{{/layout/page}}",
    layout: { 'page.hbs': '<h1>{{title}}</h1>{{> @partial-block}}' },
    part: { 'one.hbs': "[{{number this}} {{country 'DE'}}{{#if (eq this 1)}}!{{/if}}]" },
  })
  const model = { name: '<b>', list: [1, 20000] }
  t.equal(renderView(views, 'a', model, 'fr'), '<h1>T</h1>Bonjour &lt;b&gt; [1 Allemagne!][20\u202f000 Allemagne]')
  t.equal(renderView(views, 'a', model, 'en'), '<h1>T</h1>Hello &lt;b&gt; [1 Germany!][20,000 Germany]')
})

t.test('icons and assets', async (t) => {
  const views = load(t, { 'a.hbs': "{{icon 'users'}}{{icon evil}}{{asset 'app.css'}}" })
  const html = renderView(views, 'a', { evil: '"><script>' }, 'fr')
  t.match(html, '<svg class="icon" aria-hidden="true"><use href="/static/img/icons.svg#users"/></svg>')
  t.notMatch(html, '<script>')
  t.match(html, '/static/app.css')
})

t.test('mistakes are told at the start, with the file', async (t) => {
  t.throws(() => load(t, { 'a.hbs': '\n{{> part/none}}' }), { message: /views\/a\.hbs: line 2 asks for part\/none/ })
  t.throws(() => load(t, { 'a.hbs': '{{#> layout/none}}x{{/layout/none}}' }), { message: /layout\/none/ })
  t.throws(() => load(t, { 'a.hbs': "{{shout 'x'}}" }), { message: /views\/a\.hbs: .*unknown helper shout/ })
  t.throws(() => load(t, { 'a.hbs': '{{#if x}}' }), { message: /views\/a\.hbs: Parse error/ })
})

t.test('a missing field, sentence or view is an error, never a hole', async (t) => {
  const views = load(t, { 'a.hbs': '{{title}}', 'b.hbs': "{{t 'nothing'}}", 'c.hbs': '{{#if titel}}x{{/if}}' })
  t.throws(() => renderView(views, 'a', {}, 'fr'), { message: /title/ })
  t.throws(() => renderView(views, 'b', {}, 'fr'), { message: /No sentence in fr for nothing/ })
  t.throws(() => renderView(views, 'd', {}, 'fr'), { message: /no view called d/ })
  t.equal(renderView(views, 'c', { title: 1 }, 'fr'), '')
  t.throws(() => renderView(views, 'c', strictModel({ title: 1 }), 'fr'), { message: /model has no titel/ })
})

t.test('the strict model lets what is there pass', async (t) => {
  const views = load(t, { 'a.hbs': '{{#each list}}{{#if a}}{{a.b}}{{/if}}{{/each}}{{#with one}}{{#unless two}}-{{/unless}}{{/with}}' })
  t.equal(renderView(views, 'a', strictModel({ list: [{ a: { b: 1 } }, { a: undefined }], one: { two: undefined } }), 'fr'), '1-')
})

t.test('only trusted HTML is printed as it is, and no view has inline style or script', async (t) => {
  for (const { name, text } of readViews(viewDir)) {
    walkTemplate(Handlebars.parse(text), (node) => {
      if (node.type !== 'MustacheStatement' || (node as hbs.AST.MustacheStatement).escaped) return
      const { original } = (node as hbs.AST.MustacheStatement).path as hbs.AST.PathExpression
      t.match(original, /(Html|^contour|\.contour)$/, `{{{${original}}}} in ${name}`)
    })
    t.notMatch(text, /\sstyle=|<style|\son\w+=|<script(?![^>]* src=)/, `${name} has nothing inline`)
  }
})

t.test('the site’s own views compile', async (t) => {
  const views = loadViews({ dir: viewDir, translations: loadTranslations(`${viewDir}/locale`), asset })
  t.ok(views.templates.has('error/error'))
  t.ok(views.templates.has('layout/page'))
})
