import { type WordLists, words as split } from './word-lists.js';

/** Spanish. */
export const words: WordLists = {
  sexual: split(`
    desnud*, en cueros, en pelotas, sin ropa, semidesnud*, topless, sexual*, porno*, erótic*, lujuri*,
    provocativamente, pechos, tetas, pezon*, senos, vulva, chocho, pene, penes, polla, pollas, verga, vergas,
    testículo*, genital*, nalgas, trasero, culo, culos, lencería, tanga, tangas, braguitas, ligueros, orgasm*,
    masturb*, eyacul*, follar, follando, puta, putas, prostitut*, violación, violada, estríper*`),
  abuse: split(`
    pedófil*, pederast*, pornografía infantil, porno infantil`),
  young: split(`
    niño*, niña*, niñit*, bebé*, infante*, infantil*, menor de edad, menores, adolescente*, colegiala*, escolar*,
    chiquill*, muchacha*, muchacho*, chica, chicas, chico, chicos, hija, hijas, hijo, hijos, sobrina*, sobrino*,
    nieta*, nieto*, jovencit*`),
  suggestive: split(`
    bikini*, bañador*, traje de baño, ropa interior, sujetador*, bragas, calzoncillo*, en la cama, bañera*,
    bañándose, en la ducha, duchándose, besando*, beso, besos, minifalda*, falda corta, medias, corsé*, sin camisa,
    sin camiseta, provocativ*, sugerente*, escotad*`),
  hateful: split(`
    nazi*, esvástica*, judío de mierda, sudaca*, panchito*, maricón*, maricones, marica, negrata*, moro de mierda,
    mongólico*, gitano de mierda, limpieza étnica`),
};
