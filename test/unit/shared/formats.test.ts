import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  extensionOf,
  extensions,
  isOfKind,
  isShown,
  kindOf,
  mediaTypeOf,
} from '../../../src/shared/formats.ts';

describe('formats', () => {
  it('are exactly those of the API', () => {
    const image = 'png jpg jpeg jfif heic heif webp avif jp2 tiff tif bmp';
    const audio = 'mp3 wav aac flac webm weba m4a opus ogg oga aiff amr';
    assert.deepEqual(extensions.image.toSorted(), image.split(' ').toSorted());
    assert.deepEqual(extensions.audio.toSorted(), audio.split(' ').toSorted());
  });

  it('are recognized by the extension, in any case, anywhere in a path', () => {
    assert.equal(kindOf('IMG_0001.HEIC'), 'image');
    assert.equal(kindOf('C:\\talks\\intro.final.Mp3'), 'audio');
    assert.equal(kindOf('/a.png/readme'), undefined);
    assert.equal(kindOf('film.webm'), 'audio');
    assert.equal(kindOf('film.mp4'), 'video');
    assert.equal(kindOf('.png'), undefined);
    assert.equal(extensionOf('archive.tar.GZ'), 'gz');
  });

  it('of WebM are audio and video', () => {
    assert.ok(isOfKind('a.webm', 'audio') && isOfKind('a.webm', 'video'));
    assert.ok(!isOfKind('a.weba', 'video') && !isOfKind('a.webm', 'image'));
    assert.equal(mediaTypeOf('a.webm', 'video'), 'video/webm');
    assert.equal(mediaTypeOf('a.webm'), 'audio/webm');
  });

  it('say what VS Code can show', () => {
    assert.deepEqual(
      [...extensions.image, ...extensions.audio].filter(extension => !isShown(`a.${extension}`)).toSorted(),
      ['aac', 'aiff', 'amr', 'heic', 'heif', 'jp2', 'm4a', 'tif', 'tiff'],
    );
    assert.equal(mediaTypeOf('a.JFIF'), 'image/jpeg');
    assert.equal(mediaTypeOf('a.txt'), 'application/octet-stream');
  });
});
