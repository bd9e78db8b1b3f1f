import { type WordLists, words as split } from './word-lists.js';

/** Portuguese. */
export const words: WordLists = {
  sexual: split(`
    nua, nus, nuas, nudez, mulher pelada, homem pelado, gente pelada, despid*, sem roupa*, seminu*, topless,
    sexual*, sexy, porno*, pornográfic*, erótic*, lasciv*, peitos, seios, tetas, mamilo*, vulva, vagina*, buceta*,
    xoxota*, pênis, caralho*, piroca*, testículo*, genital*, bunda, bundas, nádegas, lingerie, calcinha*,
    fio dental, orgasm*, masturb*, ejacul*, foder, fodendo, puta, putas, prostitut*, vadia*, estupro*, estuprad*,
    stripper*`),
  abuse: split(`
    pedófil*, pedofil*, pornografia infantil`),
  young: split(`
    criança*, criancinha*, bebê*, menin*, garot*, infantil*, menor de idade, menores de idade, adolescent*,
    colegial*, escolar*, moça, moças, filha, filhas, filho, filhos, sobrinh*, netinh*, novinha*`),
  suggestive: split(`
    biquíni*, maiô*, roupa íntima, sutiã*, cueca*, na cama, banheira*, tomando banho, no chuveiro, beijando*,
    beijo*, minissaia*, saia curta, meia arrastão, espartilho*, sem camisa, provocant*, sugestiv*, decotad*`),
  hateful: split(`
    nazi*, nazista*, suástica*, judeu imundo, judeu de merda, macaco preto, crioulo imundo, preto imundo, viado,
    viadinho*, sapatão, traveco*, mongoloide*, limpeza étnica`),
};
