import { type WordLists, words } from './word-lists.js';

/** English. */
export const englishWords: WordLists = {
  sexual: words(`
    sex, sexy, sexual*, sexting, sexier, sexiest, nude, nudes, nudity, nudist*, naked, nakedness, topless, bottomless, porn*,
    xxx, nsfw, x rated, hentai, erotic*, lewd*, kinky, horny, bdsm, bondage, dominatrix, fetish*, orgasm*, masturbat*, blowjob*,
    handjob*, cumshot*, ejaculat*, fellatio, cunnilingus, penis*, vagina*, vulva*, clitoris, genital*, nipple*, boob, boobs,
    tits, titties, breasts, busty, cleavage, buttocks, cameltoe, camel toe, upskirt*, striptease*, stripper*, undress*,
    unclothed, disrobed, without clothes, no clothes, wearing nothing, lingerie, panties, thong*, g string, negligee,
    seductive*, sensual*, slut*, whore*, hooker*, prostitut*, milf*, onlyfans, fuck*, pussy, rape, raped, raping, rapist*`),
  abuse: words(
    'pedo, pedos, pedophil*, paedo, paedophil*, loli, lolis, lolita*, lolicon, shota*, jailbait, child porn*',
  ),
  young: words(`
    child, children, childlike, childish, kid, kids, kiddie*, teen, teens, teenage*, preteen*, tween, tweens, minor, minors,
    toddler*, infant*, newborn*, baby, babies, schoolgirl*, schoolboy*, school girl*, school boy*, underage*, under age,
    youngster*, juvenile*, adolescen*, boy, boys, girl, girls, young, younger, youth*, little one*, daughter*, son, sons,
    niece*, nephew*, grandson*, kindergarten*, pupil, pupils`),
  suggestive: words(`
    bikini*, swimsuit*, swimwear, underwear, undies, knickers, bra, bras, shirtless, bare chest*, barechested, in bed,
    bath, bathing, bathtub, shower, showering, kiss, kissing, flirt*, mini skirt*, miniskirt*, short skirt*, stockings,
    corset*, pin up*, pinup*, provocative*, alluring, sultry, suggestive*, revealing, see through, bare skin`),
  hateful: words(`
    nazi*, neonazi*, neo nazi*, swastika*, hitler*, sieg heil, heil hitler, white power, white supremac*, kkk, ku klux klan,
    gas chamber*, blackface, lynching*, ethnic cleansing, subhuman*, untermensch*, nigger*, nigga*, kike*, faggot*,
    tranny, trannies, gook*, spic, spics, wetback*, paki, pakis, raghead*, towelhead*, retard, retards, retarded`),
};
