/** Discord's own forms for members, roles, channels, commands and times: they are meant as such, and call nobody by themselves. */
const FORMS = /<(?:@[!&]?|#|t:)\d+(?::\w)?>|<\/[^<>:]+:\d+>/g;
/** What formats words anywhere, links among it, and what does so at the beginning of a line. */
const ANYWHERE = /[\\*_~`|[\]<]/g;
const AT_LINE_START = /^(\s*)([#>]|-#)/gm;

/** Words as Discord shows them letter by letter: what members wrote is in many of them, and formats nothing. */
export function plainText(text: string): string {
  let plain = '';
  let at = 0;
  for (const { 0: form, index } of text.matchAll(FORMS)) {
    plain += escape(text.slice(at, index)) + form;
    at = index + form.length;
  }
  return plain + escape(text.slice(at));
}

function escape(text: string): string {
  return text.replaceAll(ANYWHERE, '\\$&').replaceAll(AT_LINE_START, '$1\\$2');
}
