import { type WordLists, words as split } from './word-lists.js';

/** Polish. */
export const words: WordLists = {
  sexual: split(`
    nagi mężczyzna, naga kobieta, naga dziewczyna, nago, nadzy, nagość, nagie, golas*, bez ubrania, bez ubrań,
    rozebran*, obnażon*, topless, seksual*, seksown*, seks, sexy, porno*, erotyczn*, lubieżn*, piersi, cycki, cycek,
    sutki, sutek, pochwa, cipka*, cipa, penis*, kutas*, chuj*, jądra, genital*, pośladki, tyłek, bielizna erotyczna,
    stringi, pończochy z pasem, orgazm*, masturb*, wytrysk*, ejakul*, jebać, jebana, pieprzyć, dziwka*, kurwa*,
    prostytut*, gwałt*, zgwałcon*, striptiz*`),
  abuse: split(`
    pedofil*, dziecięca pornografia, pornografia dziecięca`),
  young: split(`
    dziecko, dziecka, dzieci, dziecięc*, dziewczynk*, dziewczyn*, chłopiec, chłopca, chłopczyk*, chłopak*, niemowl*,
    nastolat*, nieletni*, uczennic*, uczeń, córk*, syn, syna, wnuczk*, siostrzenic*`),
  suggestive: split(`
    bikini, strój kąpielow*, kostium kąpielow*, bielizn*, stanik*, majtki, w łóżku, w wannie, pod prysznicem,
    kąpiel*, całując*, pocałunek, minispódniczk*, krótka spódnica, pończoch*, gorset*, bez koszul*, wyzywając*,
    prowokując*`),
  hateful: split(`
    nazist*, swastyk*, heil hitler, żydek, żydki, gudłaj*, czarnuch*, asfalt murzyn*, ciota, cioty, kozojeb*,
    brudas*, czystka etniczna, czystki etniczne, podczłowiek*`),
};
