import ar from '../../locales/ar.json' with { type: 'json' };
import de from '../../locales/de.json' with { type: 'json' };
import en from '../../locales/en.json' with { type: 'json' };
import es from '../../locales/es.json' with { type: 'json' };
import fr from '../../locales/fr.json' with { type: 'json' };
import hi from '../../locales/hi.json' with { type: 'json' };
import it from '../../locales/it.json' with { type: 'json' };
import ja from '../../locales/ja.json' with { type: 'json' };
import ko from '../../locales/ko.json' with { type: 'json' };
import pl from '../../locales/pl.json' with { type: 'json' };
import ptbr from '../../locales/pt-BR.json' with { type: 'json' };
import ru from '../../locales/ru.json' with { type: 'json' };
import tr from '../../locales/tr.json' with { type: 'json' };
import uk from '../../locales/uk.json' with { type: 'json' };
import zhcn from '../../locales/zh-CN.json' with { type: 'json' };
import zhtw from '../../locales/zh-TW.json' with { type: 'json' };

/** Texts by name, in groups. */
export interface TextTree {
  readonly [name: string]: string | TextTree;
}

/** The English texts, which say what texts there are. */
export const english = en;

/** The texts by the BCP 47 tag of their language, in the order languages are listed in. */
export const locales: Readonly<Record<string, TextTree>> = {
  en,
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
