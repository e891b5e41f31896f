import type { Group } from '../schema-types.ts'
import type { GroupField } from './edit-merge.ts'
import type { Words } from './view-list.ts'

/** What a record says in one field, a line each; nothing when it says nothing. */
export function tellField(field: GroupField, group: Group, { t, format }: Words): string[] {
  const joined = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(' · ')
  const { country, region, position, memberCount, memberCountAt, meets, nextMeeting } = group
  switch (field) {
    case 'type':
      return [t(`type.${group.type}`)]
    case 'activity':
      return group.activity ? [t(`activity.${group.activity}`)] : []
    case 'languages':
      return (group.languages ?? []).map(format.language)
    case 'keywords':
      return (group.keywords ?? []).map(({ label }) => label)
    case 'country':
      return country ? [format.country(country)] : []
    case 'region':
      return region ? [format.region(region)] : []
    case 'position':
      return position ? [joined(`${position.lat}, ${position.lng}`, t(`precision.${position.precision}`))] : []
    case 'memberCount':
      return memberCount === undefined ? [] : [format.number(memberCount)]
    case 'memberCountAt':
      return memberCountAt ? [format.date(memberCountAt)] : []
    case 'meets':
      return meets ? [t(`meets.${meets}`)] : []
    case 'nextMeeting':
      return nextMeeting ? [joined(format.dateTime(nextMeeting.at), nextMeeting.place, nextMeeting.url)] : []
    case 'banner':
    case 'logo':
      return group[field] ? [group[field].alt || group[field].url] : []
    case 'links':
      return (group.links ?? []).map(({ service, url, label }) => joined(t(`service.${service}`), label, url))
    case 'publicServices':
      return (group.publicServices ?? []).map((service) => t(`service.${service}`))
    case 'roles':
      return (group.roles ?? []).map(({ role, holder, since, wanted }) =>
        joined(t(`role.${role}`), holder, since && format.month(since), wanted ? t('group.roleWanted') : undefined),
      )
    case 'partners':
      return (group.partners ?? []).map(({ name, url }) => joined(name, url))
    case 'welcome':
      return group.welcome ?? []
    default:
      return (group[field] ?? '').split('\n').filter(Boolean)
  }
}
