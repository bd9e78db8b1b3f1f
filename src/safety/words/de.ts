import { type WordLists, words as split } from './word-lists.js';

/** German. */
export const words: WordLists = {
  sexual: split(`
    nackt*, nacktbild*, nacktfoto*, entblößt*, oben ohne, unten ohne, ohne kleidung, ohne kleider, unbekleidet*,
    ausgezogen, sexuell*, sexy, sexbild*, erotisch*, erotik, porno*, pornografisch*, aufreizend*, lasziv*,
    verführerisch*, geil*, brüste, busen, brustwarze*, nippel*, titten, vagina, scheide, muschi, penis, hoden,
    genital*, geschlechtsteil*, hintern, dessous, reizwäsche, tanga, strapse, fesselspiel*, orgasmus*, masturbier*,
    ejakul*, ficken*, gefickt, nutte*, hure, huren, schlampe*, vergewaltig*, stripperin*`),
  abuse: split(`
    pädophil*, paedophil*, kinderporno*, kinderpornografie, kindersex`),
  young: split(`
    ein kind, kinder*, das kind, als kind, kleines kind, kleinkind*, kindlich*, baby*, säugling*, mädchen*, junge,
    jungs, bub, buben, teenager*, jugendlich*, minderjährig*, schülerin*, schüler*, schulmädchen*, tochter, töchter,
    sohn, söhne, nichte*, neffe*, enkel*`),
  suggestive: split(`
    bikini*, badeanzug*, badehose*, unterwäsche, unterhose*, bh, im bett, in der badewanne, badend*,
    unter der dusche, duschend*, küssen*, küssend*, kuss, flirt*, minirock*, kurzer rock, strümpfe, korsett*,
    freizügig*, oberkörperfrei, nackte haut`),
  hateful: split(`
    nazi*, hakenkreuz*, heil hitler, sieg heil, judensau, judenschwein*, untermensch*, neger*, kanake*, zigeuner*,
    schwuchtel*, schlitzauge*, kameltreiber*, rassenschande, vergasen, vergast`),
};
