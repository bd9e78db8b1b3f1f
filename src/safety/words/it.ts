import { type WordLists, words as split } from './word-lists.js';

/** Italian. */
export const words: WordLists = {
  sexual: split(`
    nudo, nuda, nudi, nude, nudità, denudat*, senza vestiti, svestit*, in topless, sessual*, sexy, porno*, erotic*,
    lasciv*, seni nudi, seno nudo, tette, capezzol*, vulva, vagina*, figa, fica, pene, cazzo, cazzi, testicol*,
    genital*, chiappe, culo, culi, lingerie, perizoma*, reggicalze, orgasm*, masturb*, eiacul*, scopare, scopata,
    puttana*, puttane, prostitut*, stupro, stuprat*, spogliarell*`),
  abuse: split(`
    pedofil*, pedopornografi*, porno minorile`),
  young: split(`
    bambin*, bimb*, neonat*, infantil*, ragazzin*, ragazza*, ragazze, ragazzo, ragazzi, minorenn*, adolescent*,
    scolar*, scolarett*, figlia, figlie, figlio, nipotin*`),
  suggestive: split(`
    bikini*, costume da bagno, biancheria intima, intimo, reggiseno*, mutand*, a letto, nel letto, vasca da bagno,
    nella doccia, sotto la doccia, baciando*, bacio, baci, minigonna*, gonna corta, calze a rete, corsetto*,
    a torso nudo, provocant*, scollat*`),
  hateful: split(`
    nazista*, nazisti, svastica*, ebreo di merda, sporco ebreo, negro di merda, negraccio*, terrone*, terroni,
    frocio*, froci, ricchion*, mongoloid*, zingaro di merda, pulizia etnica`),
};
