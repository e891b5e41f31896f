import { readdirSync, readFileSync } from 'node:fs'

/** A question and its answer, told in the description and asked again by the tests. */
export interface Example {
  /** The file's name without its ending. */
  name: string
  /** The `operationId` it is about. */
  operation: string
  /** Root-relative, asked with GET. */
  request: string
  status: number
  /** Where the answer leads, when it is a redirection. */
  location?: string
  body?: unknown
}

const folder = new URL('../../schemas/examples/', import.meta.url)
const invented = 'http://archipel.example'

/** The examples of schemas/examples/, told as if their invented groups were kept by this server. */
export function readExamples(publicUrl: string): Example[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8').replaceAll(invented, publicUrl)
    return { name: file.slice(0, -'.json'.length), ...(JSON.parse(text) as Omit<Example, 'name'>) }
  })
}
