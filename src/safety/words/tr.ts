import { type WordLists, words as split } from './word-lists.js';

/** Turkish. */
export const words: WordLists = {
  sexual: split(`
    çıplak*, çırılçıplak, üstsüz, kıyafetsiz, giysisiz, soyunmuş, soyunuk, seks*, seksi, cinsel*, porno*, erotik*,
    şehvet*, azgın, göğüs ucu, meme ucu, memeler, göğüsleri açık, vajina*, penis*, yarrak*, amcık*, testis*,
    kalça çıplak, iç çamaşırı dantel, tanga, orgazm*, mastürb*, boşalma, sikiş*, sikik, orospu*, fahişe*, kaltak*,
    tecavüz*, striptiz*`),
  abuse: split(`
    pedofil*, çocuk pornosu, çocuk porno*, sübyancı*`),
  young: split(`
    çocuk*, bebek*, kız çocuğu, erkek çocuğu, küçük kız*, küçük oğlan, oğlan*, kız, kızlar, ergen*, reşit olmayan,
    liseli*, ilkokul*, öğrenci kız, kızı, oğlu, yeğen*, torun*`),
  suggestive: split(`
    bikini*, mayolu, iç çamaşır*, sütyen*, külot*, yatakta, banyoda, küvette, duşta, öpüş*, öpücük, mini etek,
    kısa etek, jartiyer*, korse*, gömleksiz, dekolte*, kışkırtıcı`),
  hateful: split(`
    nazi*, gamalı haç, heil hitler, pis yahudi*, pis zenci*, pis arap*, ibne*, nonoş, gavur köpe*, ermeni dölü,
    etnik temizlik`),
};
