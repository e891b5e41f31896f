import Handlebars from 'handlebars'
import t from 'tap'
import { readViews, walkTemplate } from '../../server/http/views.ts'
import { loadTranslations, locales, translator } from '../../server/text/translate.ts'

const folder = new URL('../../views/', import.meta.url).pathname
const translations = loadTranslations(`${folder}locale`)
const views = readViews(folder)

t.test('both languages say the same things', async (t) => {
  t.same([...translations.fr.keys()].sort(), [...translations.en.keys()].sort())
})

for (const locale of locales) {
  t.test(`every message in ${locale} is well formed, and asks for the same values`, async (t) => {
    const say = translator(translations, locale)
    for (const [key, message] of translations[locale]) {
      const names = valueNames(message)
      t.same(names, valueNames(translations.en.get(key)!), `${key} asks for ${names}`)
      const words = say(key, Object.fromEntries(names.map((name) => [name, name === 'when' ? 'mars 2026' : 2])))
      if (/[{}]|undefined|NaN/.test(words) || words.trim() === '') t.fail(`${key}: ${words}`)
    }
  })
}

t.test('the typography is right, and nothing shouts', async (t) => {
  // Times, and what is to be typed as it stands, have their colons at once.
  const literal = /\b(https?|mailto|xmpp|matrix|irc|acct|Authorization):(\/\/)?|\d:\d/g
  const prose = [...translations.fr].map(([key, message]) => [key, message.replace(literal, '')] as const)
  t.same(
    prose.filter(([, text]) => /(?<!\u202f)[:;?]|(?<![\u202f\u00a0])»|«(?![\u202f\u00a0])/u.test(text)),
    [],
  )
  for (const locale of locales) {
    t.same(
      [...translations[locale]].filter(([, message]) => /['!]|\.\.\./.test(message)),
      [],
    )
  }
})

t.test('views say what exists, and carry no style, script or foreign address', async (t) => {
  for (const { name, text } of views) {
    walkTemplate(Handlebars.parse(text), (node) => {
      const { path, params } = node as hbs.AST.MustacheStatement
      if ((node.type !== 'MustacheStatement' && node.type !== 'SubExpression') || (path as hbs.AST.PathExpression).original !== 't') return
      const [first, second] = params as [hbs.AST.StringLiteral, hbs.AST.Expression?]
      const exists = second ? [...translations.fr.keys()].some((key) => key.startsWith(`${first.value}.`)) : translations.fr.has(first.value)
      if (!exists) t.fail(`${name} says ${first.value}`)
    })
    t.notMatch(text, /\sstyle=|\son[a-z]+=|<style|<script(?! (?:type="module"|async) src=")|(?:src|href)="(?:https?:)?\/\//, name)
  }
})

function valueNames(message: string): string[] {
  return [...new Set([...message.matchAll(/\{(\w+)[},]/g)].map(([, name]) => name as string))].filter((name) => !/^(un|a|an)$/.test(name)).sort()
}
