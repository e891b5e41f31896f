export type VocabularyLocale = 'fr' | 'en'

export const joints: Record<VocabularyLocale, string> = { fr: 'de', en: 'of' }

export const subjects: Record<VocabularyLocale, string[]> = {
  fr: 'jardin partagé,atelier vélo,cercle de lecture,café réparation,chorale,ludothèque,épicerie solidaire,fab lab,radio locale,club nature,réseau d’entraide,collectif habitat,repas de quartier,semences paysannes,énergie citoyenne'.split(
    ',',
  ),
  en: 'community garden,bike workshop,reading circle,repair café,choir,toy library,food coop,maker space,local radio,nature club,mutual aid network,housing collective,street supper,seed savers,citizen energy'.split(
    ',',
  ),
}

/** Name, country, latitude, longitude in degrees. */
export const places: [name: string, country: string, lat: number, lng: number][] = [
  ['Brest', 'FR', 48.39, -4.49],
  ['Lyon', 'FR', 45.76, 4.84],
  ['Bordeaux', 'FR', 44.84, -0.58],
  ['Marseille', 'FR', 43.3, 5.37],
  ['Lille', 'FR', 50.63, 3.06],
  ['Nantes', 'FR', 47.22, -1.55],
  ['Bruxelles', 'BE', 50.85, 4.35],
  ['Lausanne', 'CH', 46.52, 6.63],
  ['Montréal', 'CA', 45.5, -73.57],
  ['Dakar', 'SN', 14.72, -17.47],
  ['Bamako', 'ML', 12.64, -8],
  ['Cotonou', 'BJ', 6.37, 2.42],
  ['Abidjan', 'CI', 5.36, -4.01],
  ['Ouagadougou', 'BF', 12.37, -1.52],
  ['Lomé', 'TG', 6.13, 1.22],
  ['Libreville', 'GA', 0.39, 9.45],
  ['London', 'GB', 51.51, -0.13],
  ['Dublin', 'IE', 53.35, -6.26],
  ['Toronto', 'CA', 43.65, -79.38],
  ['Wellington', 'NZ', -41.29, 174.78],
]

/** Twelve thousand words, the most frequent first: those of everyday texts, then compounds of stems and endings. */
export function vocabulary(locale: VocabularyLocale): string[] {
  const compounds = stems[locale].flatMap((stem) => endings[locale].map((ending) => stem + ending))
  const rare = syllables.flatMap((first) => syllables.flatMap((second) => syllables.map((third) => first + second + third)))
  return [...new Set([...frequent[locale], ...interleave(compounds, 37), ...interleave(rare, 1009)])].slice(0, 12_000)
}

/** Spreads a list that was made in order, the same way each time. */
function interleave(list: string[], step: number): string[] {
  return list.map((_, at) => list[(at * step) % list.length]!)
}

const frequent: Record<VocabularyLocale, string[]> = {
  fr: 'de la le les et des en du une un pour dans que qui nous vous avec sur est par au plus tous ce se notre chaque aux ou sont ont pas cette ses entre leur être faire groupe ensemble projet local quartier jardin atelier rencontre partage membre association réseau commun entraide savoir outil semaine mois année ville campagne rue place maison école enfant jeune ancien habitant voisin ami travail temps libre ouvert accueil lien parole écoute décision réunion action idée ressource livre carte vélo pain repas cuisine musique danse théâtre radio film image photo logiciel données énergie eau forêt rivière mer terre semence arbre oiseau insecte climat santé soin corps art culture langue histoire mémoire droit paix solidarité coopération élection citoyen commune région pays monde réparer apprendre transmettre construire planter récolter partager inventer aider bénévole animateur membre formation cercle soirée matin samedi dimanche printemps été automne hiver'.split(
    ' ',
  ),
  en: 'the of and to in a for is we our with on you are that by at as all from this it be each or more have can every their who not where which into them group together project local garden workshop meeting sharing member society network common help knowledge tool week month year town village street square house school child youth elder neighbour friend work time free open welcome bond voice listening decision gathering action idea resource book map bike bread meal kitchen music dance theatre radio film picture photo software data energy water forest river sea land seed tree bird insect climate health care body art culture language history memory right peace solidarity cooperation election citizen council region country world repair learn teach build plant harvest share invent support volunteer facilitator training circle evening morning saturday sunday spring summer autumn winter'.split(
    ' ',
  ),
}

const stems: Record<VocabularyLocale, string[]> = {
  fr: 'jardin,plant,cultiv,partag,form,cré,particip,anim,organis,transform,mobilis,accompagn,expériment,document,cartograph,publi,dessin,bricol,répar,recycl,compost,pétri,tiss,chant,cont,observ,mesur,racont,écout,invit,visit,explor,navigu,pédal,march,grimp,nag,jou,lis,écriv'.split(
    ',',
  ),
  en: 'garden,plant,cultivat,shar,form,creat,participat,animat,organis,transform,mobilis,accompany,experiment,document,mapp,publish,draw,mend,repair,recycl,compost,knead,weav,sing,tell,observ,measur,narrat,listen,invit,visit,explor,navigat,pedal,walk,climb,swim,play,read,writ'.split(
    ',',
  ),
}

const endings: Record<VocabularyLocale, string[]> = {
  fr: 'er,é,ée,és,ées,age,ages,ation,ations,eur,eurs,euse,euses,ant,ante,antes,able,ables,ement,ements'.split(','),
  en: 'e,ed,er,ers,ing,ings,ion,ions,able,ment,ments,ly,or,ors,ive,ively,ness,al,als,ally'.split(','),
}

const syllables = 'ba,ce,di,fo,gu,la,me,ni,po,ru,sa,te,vi,zo,bru,cla,dre,fli,gro,plu,stra,que,cho,lan'.split(',')
