import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textMessage } from '../../../src/platforms/discord/messages.js';
import { plainText } from '../../../src/platforms/discord/markdown.js';

test('a member’s name that is a masked link, a heading, a quote or a spoiler is shown letter by letter', () => {
  assert.equal(plainText('🏆 [Nitro](https://evil.example)'), '🏆 \\[Nitro\\](https://evil.example)');
  assert.equal(plainText('# Big\n> said\n-# small'), '\\# Big\n\\> said\n\\-# small');
  assert.equal(
    plainText('**a** _b_ ~~c~~ ||d|| `e` <https://f.example>'),
    String.raw`\*\*a\*\* \_b\_ \~\~c\~\~ \|\|d\|\| \`e\` \<https://f.example>`,
  );
  assert.equal(plainText(String.raw`\[x](y)`), String.raw`\\\[x\](y)`);
});

test('what the bot itself says stays what it is: members, channels and times', () => {
  const said = 'by <@123456789012345678> in <#123456789012345678>, <t:1700000000:R>';
  assert.equal(plainText(said), said);
  const { body } = textMessage('🏆 No. 1 · [Nitro](https://evil.example)');
  assert.doesNotMatch(String(body['content']), /(?<!\\)\[Nitro/);
});
