import { create } from 'xmlbuilder2'
import type { Oembed } from '../schema-types.ts'
import { xmlText } from '../text/xml.ts'

/** The same as oEmbed writes it in XML. Characters that XML cannot hold are left out. */
export function toOembedXml(answer: Oembed): string {
  const root = create({ version: '1.0', encoding: 'UTF-8', standalone: true, invalidCharReplacement: '' }).ele('oembed')
  for (const [name, value] of Object.entries(answer)) root.ele(name).txt(xmlText(String(value)))
  return root.end()
}
