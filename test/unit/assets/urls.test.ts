import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkAssetUrl } from '../../../src/assets/urls.ts';
import { HumanError } from '../../../src/shared/message.ts';

const key = (text: string, kind: 'image' | 'audio' = 'image'): string | undefined => {
  try {
    checkAssetUrl(text, kind);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof HumanError);
    return error.text.key;
  }
};

describe('URLs', () => {
  it('need https and a supported extension', () => {
    assert.equal(
      checkAssetUrl(' https://example.com/a/Me.PNG?sig=1#x ', 'image'),
      'https://example.com/a/Me.PNG?sig=1#x',
    );
    assert.equal(key('https://example.com/voice%20over.mp3', 'audio'), undefined);
    assert.equal(key('https://example.com/100%.png'), undefined);
  });
  it("may point to results in the user's library", () => {
    assert.equal(key('https://magichour.ai/my-library?imageId=cuid'), undefined);
    assert.equal(key('https://magichour.ai/my-library?imageId=cuid', 'audio'), 'asset.urlExtension');
  });
  it('are rejected otherwise, with a message for each case', () => {
    assert.equal(key('portrait.png'), 'asset.urlUnreadable');
    assert.equal(key(''), 'asset.urlUnreadable');
    assert.equal(key('http://example.com/a.png'), 'asset.urlNotHttps');
    assert.equal(key('file:///a.png'), 'asset.urlNotHttps');
    assert.equal(key('https://user:secret@example.com/a.png'), 'asset.urlWithPassword');
    assert.equal(key(`https://example.com/${'a'.repeat(8_000)}.png`), 'asset.urlTooLong');
    assert.equal(key('https://example.com/a'), 'asset.urlExtension');
    assert.equal(key('https://example.com/page?file=a.png'), 'asset.urlExtension');
    assert.equal(key('https://example.com/a.mp3'), 'asset.notImageKind');
    assert.equal(key('https://example.com/a.png', 'audio'), 'asset.notAudioKind');
  });
});
