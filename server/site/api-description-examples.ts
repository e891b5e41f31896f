import { readdirSync, readFileSync } from 'node:fs'

/** A question and its answer, told in the description and asked again by the tests. */
export interface Example {
  /** The file's name without its ending. */
  name: string
  /** The `operationId` it is about. */
  operation: string
  /** GET unless said. What writes is asked with the token of who may, from the version of today unless `ifMatch` names another. */
  method?: string
  /** Root-relative. */
  request: string
  ifMatch?: string
  /** The media type of what is sent, JSON unless said. */
  type?: string
  send?: unknown
  status: number
  /** Where the answer leads, when it is a redirection, or what it made. */
  location?: string
  body?: unknown
  /** The answer holds more than `body` tells. */
  partial?: true
}

/** As OpenAPI tells them: by name. */
export type ToldExamples = { examples?: Record<string, { summary: string; value: unknown }> }

const folder = new URL('../../schemas/examples/', import.meta.url)
const invented = new URL('http://archipel.example')

/** The examples of schemas/examples/, told as if their invented groups were kept by this server. */
export function readExamples(publicUrl: string): Example[] {
  const { host } = new URL(publicUrl)
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
      .replaceAll(invented.origin, publicUrl)
      .replaceAll(encodeURIComponent(invented.origin), encodeURIComponent(publicUrl))
      .replaceAll(invented.host, host)
    return { name: file.slice(0, -'.json'.length), ...(JSON.parse(text) as Omit<Example, 'name'>) }
  })
}

/** What an operation answers with this status. */
export function toAnswerExamples(examples: Example[], operation: string, status: number): ToldExamples {
  return tell(examples, (one) => (one.operation === operation && one.status === status ? one.body : undefined))
}

/** Where it leads with this status. */
export function toLocationExamples(examples: Example[], operation: string, status: number): ToldExamples {
  return tell(examples, (one) => (one.operation === operation && one.status === status ? one.location : undefined))
}

/** What is sent to it as this media type, and taken. */
export function toSentExamples(examples: Example[], operation: string, type: string): ToldExamples {
  return tell(examples, (one) => (one.operation === operation && one.status < 300 && typeOf(one) === type ? one.send : undefined))
}

/** What stands in a path (`/g/{shortName}`) for the parameter of this name. */
export function toPathExamples(examples: Example[], operation: string, path: string, parameter: string): ToldExamples {
  const source = path.split(/\{(\w+)\}/).map((part, at) => (at % 2 === 0 ? RegExp.escape(part) : `(?<${part}>[^/?]+)`))
  const pattern = new RegExp(`^${source.join('')}(?:\\?|$)`)
  return tell(examples, (one) => {
    const value = one.operation === operation && one.status < 400 ? pattern.exec(one.request)?.groups?.[parameter] : undefined
    return value && decodeURIComponent(value)
  })
}

/** The media type of what an example sends. */
export function typeOf({ type = 'application/json' }: Example): string {
  return type
}

function tell(examples: Example[], pick: (example: Example) => unknown): ToldExamples {
  const told = examples.flatMap((one) => {
    const value = pick(one)
    return value === undefined ? [] : [[one.name, { summary: `${one.method ?? 'GET'} ${one.request}`, value }] as const]
  })
  return told.length > 0 ? { examples: Object.fromEntries(told) } : {}
}
