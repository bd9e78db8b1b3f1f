import { type WordLists, words as split } from './word-lists.js';

/** French. */
export const words: WordLists = {
  sexual: split(`
    tout nu, toute nue, nue, nus, nues, dénudé*, à poil, sans vêtements, déshabillé*, seins nus, topless, sexuel*,
    sexy, porno*, érotique*, lascif*, lascive*, aguich*, poitrine nue, tétons, mamelons, nichons, vulve*, vagin*,
    chatte, pénis, testicule*, organes génitaux, génital*, fesses, lingerie, porte jarretelles, orgasm*, masturb*,
    éjacul*, putain*, pute, putes, prostitu*, salope*, viol, violée, strip tease*, stripteaseuse*`),
  abuse: split(`
    pédophil*, pédo, pornographie infantile, pédopornograph*`),
  young: split(`
    enfant*, bébé*, gamin*, gosse*, fillette*, petite fille, petit garçon, garçonnet*, adolescent*, ado, ados,
    mineur*, écolier*, écolière*, collégien*, lycéen*, jeune fille, jeunes filles, fille, filles, garçon*, fils,
    nièce*, neveu*, petit fils`),
  suggestive: split(`
    bikini*, maillot de bain*, sous vêtement*, soutien gorge, culotte*, au lit, baignoire*, dans le bain,
    sous la douche, embrass*, bisou*, minijupe*, mini jupe*, jupe courte, bas résille, corset*, torse nu,
    provocant*, suggestif*, décolleté*`),
  hateful: split(`
    nazi*, croix gammée*, heil hitler, sale juif*, youpin*, bougnoule*, nègre*, bamboula*, sale arabe*, tapette*,
    tarlouze*, nettoyage ethnique, sous homme*`),
};
