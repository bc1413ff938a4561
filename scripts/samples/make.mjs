// Renders the sample images and the fake API's results: portraits of people who don't exist, and a landscape. Usage:
// `node scripts/samples/make.mjs [name…]`, where the names are those of `outputs` below. The default is all of them. On
// a CPU, a portrait takes about half a minute and the video takes a few minutes.
import ffmpegInstaller from '@ffmpeg-installer/ffmpeg';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from '../../test/host/browser.ts';
import { root } from '../../test/host/paths.ts';
import { anna, ben, headshot, headshotOfBen, headshotOfZoe, ruth, shipped, talking, zoe } from './people.mjs';

const portraits = 'test/sample-workspace/portraits';
const results = 'test/fake-api';

const INTEGERS = new Set(['STYLE', 'CLOTHES', 'SCENE', 'SAMPLES']);

const larger = 'scale=5/4*iw:-2:flags=lanczos';
/** Reduces the image to an indexed PNG, which is a third of the size. */
const index = 'split[a][b];[a]palettegen=256[p];[b][p]paletteuse=dither=sierra2_4a';
// Clears the colors of transparent pixels, because they would only make the file larger.
const cut =
  '[1]format=gbrp,split[m][n];[n]lut=255*gt(val\\,0)[seen];[0]format=gbrp[p];' +
  '[p][seen]blend=all_mode=multiply,hqdn3d=2[q];[q][m]alphamerge';
const old =
  'format=gray,eq=contrast=0.9:brightness=-0.03,noise=alls=9,format=rgb24,colorbalance=rm=0.05:bm=-0.06';
const outputs = {
  shipped: () => picture('media/samples/portrait.jpg', shipped, '-q:v 5'),
  anna: async () => {
    await picture(`${portraits}/anna.png`, anna, `-vf ${index}`);
    const [mask] = await draw({ ...anna, MASK: true });
    writeFileSync(join(folder, 'mask.png'), mask);
    ffmpeg(`-i picture.png -i mask.png -filter_complex ${cut}`, `${results}/cutout.png`);
  },
  headshot: () => studio('headshot', headshot),
  headshotOfBen: () => studio('headshot-ben', headshotOfBen),
  headshotOfZoe: () => studio('headshot-zoe', headshotOfZoe),
  ben: () => picture(`${portraits}/ben.jpg`, ben, `-vf ${larger} -q:v 4`),
  zoe: () => picture(`${portraits}/Zoë #1 100%.webp`, zoe, `-vf ${larger} -q:v 80`),
  ruth: async () => {
    await picture(`${results}/colorized.png`, ruth, `-vf ${index}`);
    ffmpeg(`-i picture.png -vf ${old} -q:v 9`, 'test/sample-workspace/old-photos/ruth.jpg');
  },
  landscape: () => picture(`${results}/landscape.png`, { width: 768, height: 512 }, `-vf ${index}`),
  film,
};

const folder = mkdtempSync(join(tmpdir(), 'samples-'));
const browser = await launchBrowser([
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-gpu-watchdog',
]);
try {
  const names = process.argv.slice(2);
  for (const name of names.length > 0 ? names : Object.keys(outputs)) {
    console.log(name);
    await outputs[name]();
  }
} finally {
  await browser.stop();
  rmSync(folder, { recursive: true });
}

function studio(name, scene) {
  return picture(`${results}/${name}.png`, scene, `-vf scale=4/3*iw:-2:flags=lanczos,${index}`);
}

/** Renders an image and writes it to a file in the repository. */
async function picture(file, scene, options = '') {
  const [png] = await draw(scene);
  writeFileSync(join(folder, 'picture.png'), png);
  ffmpeg(`-i picture.png ${options}`, file);
}

/**
 * Renders the video that the fake API returns for every video project. It shows Anna, whose mouth moves with a hummed
 * tone. Like the videos of the real service, it is 448 × 832 at 25 frames per second, in H.264 and AAC. The animated
 * GIF and WebM have the same frames without audio.
 */
async function film() {
  const count = 12;
  const frames = Array.from({ length: count }, (_, index) => {
    const phase = (2 * Math.PI * index) / count;
    const swing = Math.sin(phase);
    return { MOUTH: 0.11 * swing ** 2, YAW: 0.12 + 0.05 * swing, NOD: 0.02 + 0.02 * Math.cos(phase) };
  });
  for (const [index, png] of (await draw(talking, frames)).entries())
    writeFileSync(join(folder, `${String(index).padStart(2, '0')}.png`), png);
  const loop = '-framerate 15 -i %02d.png';
  const plain = '-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact';
  const hum = 'pow(sin(2*PI*t/0.8),2)*(0.25*sin(2*PI*180*t)+0.1*sin(2*PI*360*t)+0.05*sin(2*PI*720*t))';
  ffmpeg(
    `-stream_loop 2 ${loop} -f lavfi -i aevalsrc='${hum}':s=44100:d=2.4 -t 2.4 -r 25 -vf scale=448:832:flags=lanczos ` +
      `-c:v libx264 -profile:v main -preset veryslow -crf 26 -pix_fmt yuv420p -c:a aac -b:a 48k -ac 1 ` +
      `-movflags +faststart ${plain}`,
    `${results}/sample.mp4`,
  );
  const small =
    'fps=7.5,scale=168:-1,split[a][b];[a]palettegen=64[p];[b][p]paletteuse=dither=none:diff_mode=rectangle';
  ffmpeg(`${loop} -vf ${small} ${plain}`, `${results}/sample.gif`);
  ffmpeg(
    `${loop} -vf scale=224:416 -pix_fmt yuv420p -c:v libvpx -b:v 200k ${plain}`,
    `${results}/sample.webm`,
  );
}

/** Runs ffmpeg in the temporary folder. `options` are separated by spaces. */
function ffmpeg(options, file) {
  const args = ['-y', '-v', 'error', ...options.trim().split(/ +/), join(root, file)];
  execFileSync(ffmpegInstaller.path, args, { cwd: folder, stdio: 'inherit' });
}

/** Renders a scene once, or once for each frame using the frame's values. Returns PNGs. */
async function draw({ width, height, ...values }, frames = [{}]) {
  const file = 'YAW' in values ? 'portrait.glsl' : 'landscape.glsl';
  const animated = Object.keys(frames[0]);
  const defines = Object.entries(values)
    .filter(([name]) => !animated.includes(name))
    .map(([name, value]) => `#define ${name} ${literal(name, value)}\n`);
  const shader = [
    '#version 300 es\nprecision highp float;\nprecision highp int;\nuniform vec2 size;\nout vec4 color;\n',
    ...defines,
    ...animated.map(name => `uniform float ${name};\n`),
    readFileSync(new URL(file, import.meta.url), 'utf8'),
  ].join('');
  const page = await browser.context.newPage();
  page.setDefaultTimeout(0);
  const urls = await page.evaluate(drawInPage, { shader, width, height, frames });
  await page.close();
  return urls.map(url => Buffer.from(url.split(',')[1], 'base64'));
}

function literal(name, value) {
  if (Array.isArray(value)) return `vec3(${value.join(', ')})`;
  if (typeof value === 'boolean') return value ? '1' : '0';
  return INTEGERS.has(name) ? value : `float(${value})`;
}

function drawInPage({ shader, width, height, frames }) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const gl = canvas.getContext('webgl2', {
    preserveDrawingBuffer: true,
    premultipliedAlpha: false,
    antialias: false,
  });
  const program = gl.createProgram();
  const whole =
    '#version 300 es\nvoid main() { gl_Position = vec4(vec2(gl_VertexID % 2, gl_VertexID / 2) * 4. - 1., 0, 1); }';
  for (const [type, source] of [
    [gl.VERTEX_SHADER, whole],
    [gl.FRAGMENT_SHADER, shader],
  ]) {
    const part = gl.createShader(type);
    gl.shaderSource(part, source);
    gl.compileShader(part);
    if (!gl.getShaderParameter(part, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(part));
    gl.attachShader(program, part);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.uniform2f(gl.getUniformLocation(program, 'size'), width, height);
  gl.enable(gl.SCISSOR_TEST);
  return frames.map(frame => {
    for (const [name, value] of Object.entries(frame))
      gl.uniform1f(gl.getUniformLocation(program, name), value);
    // Draw in strips and wait for each to finish, because the browser would abort a single draw call that takes a
    // minute.
    for (let y = 0; y < height; y += 16) {
      gl.scissor(0, y, width, 16);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
      gl.readPixels(0, y, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
    }
    return canvas.toDataURL('image/png');
  });
}
