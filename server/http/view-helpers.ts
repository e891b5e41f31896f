import Handlebars, { type HelperDelegate, type HelperOptions } from 'handlebars'
import type { Formats } from '../text/format.ts'
import type { Locale, Translate } from '../text/translate.ts'

/** What every template knows as `@locale`, `@t`…; helpers take their words from here, also inside `each` and `with`. */
export interface ViewData {
  locale: Locale
  t: Translate
  format: Formats
}

type FormatName = Exclude<keyof Formats, 'list'>

/** The helpers that views may use, and no others. `asset` gives the address of a file of static/. */
export function viewHelpers(asset: (name: string) => string): Record<string, HelperDelegate> {
  return {
    // {{t 'role' role count=3}} says `role.<role>`.
    t: (...args: unknown[]) => {
      const options = args.pop() as HelperOptions
      return dataOf(options).t(args.map(String).join('.'), options.hash)
    },
    eq: (left: unknown, right: unknown) => left === right,
    asset: (name: string) => asset(name),
    icon: (name: string) => {
      const sprite = `${asset('img/icons.svg')}#${encodeURIComponent(name)}`
      return new Handlebars.SafeString(`<svg class="icon" aria-hidden="true"><use href="${sprite}"/></svg>`)
    },
    // In mails: what somebody wrote, each line marked as not ours.
    quote: (text: string) => `> ${text.split(/\r\n|[\n\r\u2028]/).join('\n> ')}`,
    list: (items: string[], options: HelperOptions) => dataOf(options).format.list(items),
    number: formatHelper('number'),
    date: formatHelper('date'),
    month: formatHelper('month'),
    dateTime: formatHelper('dateTime'),
    distance: formatHelper('distance'),
    country: formatHelper('country'),
    region: formatHelper('region'),
    language: formatHelper('language'),
  }
}

function formatHelper(name: FormatName): HelperDelegate {
  return (value: string | number, options: HelperOptions) => (dataOf(options).format[name] as (value: string | number) => string)(value)
}

function dataOf(options: HelperOptions): ViewData {
  return options.data as ViewData
}
