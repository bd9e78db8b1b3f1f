import ar from '../../locales/glossary/ar.json' with { type: 'json' };
import de from '../../locales/glossary/de.json' with { type: 'json' };
import es from '../../locales/glossary/es.json' with { type: 'json' };
import fr from '../../locales/glossary/fr.json' with { type: 'json' };
import hi from '../../locales/glossary/hi.json' with { type: 'json' };
import it from '../../locales/glossary/it.json' with { type: 'json' };
import ja from '../../locales/glossary/ja.json' with { type: 'json' };
import ko from '../../locales/glossary/ko.json' with { type: 'json' };
import pl from '../../locales/glossary/pl.json' with { type: 'json' };
import ptbr from '../../locales/glossary/pt-BR.json' with { type: 'json' };
import ru from '../../locales/glossary/ru.json' with { type: 'json' };
import tr from '../../locales/glossary/tr.json' with { type: 'json' };
import uk from '../../locales/glossary/uk.json' with { type: 'json' };
import zhcn from '../../locales/glossary/zh-CN.json' with { type: 'json' };
import zhtw from '../../locales/glossary/zh-TW.json' with { type: 'json' };

/** What a model's vocabulary is grouped by. */
export type WordGroup =
  | 'styles'
  | 'expressions'
  | 'mouths'
  | 'sides'
  | 'tilts'
  | 'heights'
  | 'framings'
  | 'ages'
  | 'accessories'
  | 'backdrops'
  | 'lights'
  | 'colours'
  | 'classWords';

/** By group and by the label a model's vocabulary has, how a language says it; the first is shown as the label's name. */
export type WordsOfLanguage = Readonly<Partial<Record<WordGroup, Readonly<Record<string, readonly string[]>>>>> & {
  /** Small words that change nothing. */
  readonly fillers: readonly string[];
};

/** The words by the tag of their language. */
export const glossaries: Readonly<Record<string, WordsOfLanguage>> = {
  de,
  es,
  fr,
  it,
  'pt-BR': ptbr,
  pl,
  ru,
  uk,
  tr,
  ja,
  ko,
  'zh-CN': zhcn,
  'zh-TW': zhtw,
  ar,
  hi,
};
