// Renders a portrait of a person who doesn't exist by sphere tracing signed distances. make.mjs defines the names in
// capital letters. The head is about two units high. In the image, x points right, y up, and z toward the camera.
const float FAR = 12.0;
const int SKIN = 1, HAIR = 2, EYE = 3, CLOTH = 4, GLASS = 5, TEETH = 6, METAL = 7, THROAT = 8;

float hash(vec3 p) {
  uvec3 q = uvec3(ivec3(floor(p)) + 4096) * uvec3(1597334673u, 3812015801u, 2798796415u);
  uint n = (q.x ^ q.y ^ q.z) * 1597334673u;
  n = (n ^ (n >> 15)) * 2246822519u;
  return float(n >> 8) / 16777216.0;
}

float noise(vec3 p) {
  vec3 i = floor(p), f = fract(p), u = f * f * (3.0 - 2.0 * f);
  vec2 o = vec2(0, 1);
  return mix(mix(mix(hash(i), hash(i + o.yxx), u.x), mix(hash(i + o.xyx), hash(i + o.yyx), u.x), u.y),
             mix(mix(hash(i + o.xxy), hash(i + o.yxy), u.x), mix(hash(i + o.xyy), hash(i + o.yyy), u.x), u.y), u.z);
}

float fbm(vec3 p) { return 0.55 * noise(p) + 0.3 * noise(p * 2.1 + 7.0) + 0.15 * noise(p * 4.3 + 3.0); }

mat2 turn(float a) { return mat2(cos(a), sin(a), -sin(a), cos(a)); }

float blend(float a, float b, float k) {
  float h = max(k - abs(a - b), 0.0) / k;
  return min(a, b) - h * h * k * 0.25;
}
float carve(float a, float b, float k) { return -blend(-a, b, k); }

float ellipsoid(vec3 p, vec3 r) {
  float k = length(p / r);
  return k * (k - 1.0) / length(p / (r * r));
}

float capsule(vec3 p, vec3 a, vec3 b, float ra, float rb) {
  float h = clamp(dot(p - a, b - a) / dot(b - a, b - a), 0.0, 1.0);
  return length(p - a - (b - a) * h) - mix(ra, rb, h);
}

vec3 toHead(vec3 p) {
  p.y += 0.62;
  p.xy = turn(TILT) * p.xy;
  p.yz = turn(NOD) * p.yz;
  p.xz = turn(YAW) * p.xz;
  p.y -= 0.62;
  return p;
}

vec3 mirrored(vec3 p) { return vec3(abs(p.x), p.yz); }

const vec3 EYE_AT = vec3(0.315, 0.02, 0.565);
const float EYE_R = 0.2;

/** Returns the height of the line between the lips. */
float mouthLine(float x) { return -0.60 + SMILE * x * x; }

float skinAt(vec3 p) {
  vec3 m = mirrored(p);
  float jaw = MOUTH * 0.5 * smoothstep(-0.45, -0.75, p.y);
  vec3 j = p + vec3(0, jaw * 0.5, 0);
  vec3 jm = mirrored(j);
  float d = ellipsoid(p - vec3(0, 0.28, -0.12), vec3(0.80, 0.87, 0.93));
  d = blend(d, ellipsoid(j - vec3(0, -0.36, 0.10), vec3(JAW, 0.68, 0.66)), 0.22);
  d = blend(d, length(j - vec3(0, -0.89, 0.44)) - 0.15, 0.24);
  d = blend(d, ellipsoid(m - vec3(0.40, -0.27, 0.42), vec3(0.23, 0.22, 0.22)), 0.28);
  d = carve(d, length(m - vec3(0.33, 0.03, 0.94)) - 0.15, 0.2);
  d = blend(d, capsule(m, vec3(0.0, 0.17, 0.68), vec3(0.45, 0.24, 0.6), 0.08, 0.04), 0.2);
  // The nose.
  d = blend(d, capsule(p, vec3(0, 0.12, 0.72), vec3(0, -0.24, 0.93), 0.06, 0.085), 0.13);
  d = blend(d, ellipsoid(p - vec3(0, -0.27, 0.93), vec3(NOSE, 0.095, 0.1)), 0.07);
  d = blend(d, ellipsoid(m - vec3(NOSE * 1.05, -0.31, 0.83), vec3(0.06, 0.062, 0.085)), 0.06);
  d = carve(d, ellipsoid(m - vec3(0.052, -0.375, 0.885), vec3(0.03, 0.03, 0.045)), 0.03);
  // The lips, which follow a curve, and the gap between them.
  float line = mouthLine(p.x);
  float open = MOUTH * max(0.0, 1.0 - p.x * p.x * 22.0);
  float z = 0.74 - p.x * p.x * 0.75;
  d = carve(d, ellipsoid(p - vec3(0, -0.47, 0.83), vec3(0.03, 0.07, 0.05)), 0.05);
  d = blend(d, ellipsoid(vec3(p.x, p.y - line - 0.036, p.z - z), vec3(0.235, 0.042, 0.085)), 0.045);
  d = blend(d, ellipsoid(vec3(p.x, p.y - line + 0.055 + open * 0.8, p.z - z + 0.01 + open * 0.2), vec3(0.18, 0.058, 0.09)), 0.045);
  d = carve(d, ellipsoid(vec3(p.x, p.y - line + open * 0.42, p.z - z - 0.03), vec3(0.225, 0.006 + open * 0.42, 0.16)), 0.02);
  d = carve(d, length(m - vec3(0.255, mouthLine(0.25) + 0.002, 0.68)) - 0.006, 0.06);
  // The eyelids: a shell around the eye, with an opening between two planes through its center.
  vec3 e = m - EYE_AT;
  float slit = -0.10 * e.x / EYE_R;
  float upper = dot(e, normalize(vec3(slit, 1, -UPPER))), lower = dot(e, normalize(vec3(0, -1, -0.30)));
  float lid = max(length(e) - EYE_R - 0.022, -max(upper, lower));
  d = carve(d, length(e) - EYE_R - 0.006, 0.02);
  d = blend(d, lid, 0.035);
  // The ears.
  vec3 a = m - vec3(0.83, -0.08, -0.1);
  a.xz = turn(0.45) * a.xz;
  a.xy = turn(0.12) * a.xy;
  float ear = ellipsoid(a, vec3(0.07, 0.25, 0.16));
  ear = carve(ear, ellipsoid(a - vec3(0.06, 0.03, 0.02), vec3(0.055, 0.16, 0.085)), 0.05);
  return blend(d, ear, 0.07);
}

float neckAt(vec3 p) {
  float d = capsule(p, vec3(0, -0.55, -0.22), vec3(0, -1.75, -0.32), NECK, NECK * 1.12);
  d = blend(d, capsule(p, vec3(0, -1.55, -0.35), vec3(SHOULDERS * 0.75, -2.25, -0.35), 0.24, 0.3), 0.3);
  d = blend(d, capsule(p, vec3(0, -1.55, -0.35), vec3(-SHOULDERS * 0.75, -2.25, -0.35), 0.24, 0.3), 0.3);
  vec3 m = mirrored(p);
  d = blend(d, capsule(m, vec3(0.30, -0.75, -0.2), vec3(0.0, -1.68, 0.06), 0.07, 0.08), 0.2);
  return blend(d, ellipsoid(p - vec3(0, -2.65, -0.2), vec3(SHOULDERS * 0.85, 1.1, 0.62)), 0.3);
}

float torsoAt(vec3 p) {
  vec3 m = mirrored(p);
  float d = ellipsoid(p - vec3(0, -2.85, -0.2), vec3(SHOULDERS, 1.35, 0.72));
  d = blend(d, capsule(m, vec3(0.25, -1.72, -0.35), vec3(SHOULDERS, -2.32, -0.3), 0.28, 0.40), 0.35);
  return blend(d, capsule(m, vec3(SHOULDERS, -2.32, -0.3), vec3(SHOULDERS + 0.15, -3.6, -0.2), 0.40, 0.4), 0.2);
}

float clothAt(vec3 p) {
  float d = torsoAt(p) - 0.03 - 0.035 * fbm(p * vec3(2.5, 3.5, 2.5));
  if (d > 0.3) return d;
#if CLOTHES == 0 // a sweater with a rib collar
  vec3 c = p - vec3(0, -1.62, -0.14);
  c.yz = turn(-0.35) * c.yz;
  d = carve(d, ellipsoid(c, vec3(NECK + 0.14, 0.35, 0.52)), 0.04);
  float ring = length(vec2(length(c.xz * vec2(1, 0.93)) - NECK - 0.17, c.y + 0.03)) - 0.075;
  ring -= 0.008 * sin(atan(c.x, c.z) * 90.0);
  d = min(d, ring);
  d -= 0.007 * abs(sin(p.x * 30.0)) + 0.003 * sin(p.y * 80.0 + 3.0 * abs(sin(p.x * 30.0)));
#elif CLOTHES == 1 // a jacket over a shirt
  float v = abs(p.x) - (p.y + 2.8) * 0.40;
  float front = smoothstep(0.0, 0.3, p.z + 0.2);
  float lapel = max(v - 0.30 + 0.1 * smoothstep(-2.0, -1.9, p.y), -v);
  d -= 0.05 * smoothstep(0.03, -0.03, lapel) * front;
  d = max(d, 0.8 * (0.02 - v) * front - (1.0 - front));
  d = carve(d, ellipsoid(p - vec3(0, -1.45, -0.2), vec3(NECK + 0.13, 0.5, 0.5)), 0.03);
#else // a shirt with an open collar
  float v = abs(p.x) - max(0.0, (p.y + 2.15) * 0.42);
  d = carve(d, max(v, -p.z - 0.1), 0.03);
#endif
#if CLOTHES == 2
  vec3 k = p - vec3(0, -1.50, -0.24);
  k.yz = turn(-0.30) * k.yz;
  float wide = NECK + 0.10 - k.y * 0.30;
  float band = abs(length(k.xz * vec2(1, 0.95)) - wide) - 0.022;
  band = max(band, abs(k.y + 0.02) - 0.19);
  band = max(band, -(abs(k.x) - 0.02 - max(0.0, 0.1 + k.y * 0.55) * step(0.0, k.z)) - (1.0 - step(0.0, k.z)) * 9.0);
  d = min(d, band - 0.012);
#endif
  return d;
}

float shirtAt(vec3 p) {
#if CLOTHES == 1
  vec3 c = p - vec3(0, -1.58, -0.1);
  c.yz = turn(-0.35) * c.yz;
  return carve(torsoAt(p) - 0.01, ellipsoid(c, vec3(NECK + 0.2, 0.4, 0.55)), 0.03);
#else
  return FAR;
#endif
}

/** Returns the distance to the hair and the coordinate across its strands. */
vec2 hairAt(vec3 p) {
  vec3 m = mirrored(p);
  float across = atan(p.x, p.z + 0.15) * 26.0, along = p.y * 1.6;
#if STYLE == 0 // long
  p.x += 0.035 * sin(p.y * 5.0 + 1.0) * smoothstep(0.3, -0.6, p.y);
  m = mirrored(p);
  float d = ellipsoid(p - vec3(0, 0.34, -0.15), vec3(0.91, 0.96, 1.0));
  vec3 face = p - vec3(0.05, -0.28, 0.95);
  face.y += 0.09 * smoothstep(0.0, 0.7, abs(face.x - 0.12));
  d = carve(d, ellipsoid(face, vec3(0.70, 1.0, 0.8)), 0.08);
  d += 0.05 * smoothstep(0.05, 0.0, abs(p.x - 0.2)) * step(0.2, p.y);
  float side = ellipsoid(m - vec3(0.76, -0.55, -0.12), vec3(0.24, 1.12, 0.46));
  side = blend(side, ellipsoid(p - vec3(0, -0.5, -0.62), vec3(0.8, 1.15, 0.4)), 0.2);
  d = blend(d, side, 0.2);
#elif STYLE == 1 // short
  float d = ellipsoid(p - vec3(0, 0.34, -0.16), vec3(0.85, 0.90, 0.97));
  d = carve(d, ellipsoid(p - vec3(0, -0.36, 0.86), vec3(0.70, 1.0, 0.72)), 0.06);
  d = carve(d, ellipsoid(m - vec3(0.85, -0.45, 0.05), vec3(0.4, 0.62, 0.5)), 0.05);
  float quiff = ellipsoid(p - vec3(-0.12, 0.98, 0.34), vec3(0.62, 0.24, 0.46));
  d = blend(d, quiff, 0.18);
  across = (p.x * 1.1 + 0.5 * p.y + 0.2 * sin(p.z * 4.0)) * 20.0;
  along = p.z * 2.5;
#elif STYLE == 2 // curls
  float d = ellipsoid(p - vec3(0, 0.52, -0.3), vec3(1.28, 1.16, 1.05));
  d = blend(d, ellipsoid(m - vec3(0.82, -0.1, -0.35), vec3(0.44, 0.62, 0.5)), 0.3);
  d = carve(d, ellipsoid(p - vec3(0, -0.3, 0.85), vec3(0.76, 1.04, 0.85)), 0.1);
  if (d < 0.3) {
    float curl = fbm(p * 5.5) - 0.5;
    d -= 0.26 * curl + 0.05 * sin(p.x * 34.0 + 8.0 * curl) * sin(p.y * 31.0) * sin(p.z * 33.0 + 6.0 * curl);
  }
  across = 34.0 * length(fract(p * 3.0 + 0.4 * noise(p * 5.0)) - 0.5);
  return vec2(d * 0.7, across);
#else // gathered into a bun
  float d = ellipsoid(p - vec3(0, 0.34, -0.15), vec3(0.85, 0.91, 0.98));
  d = carve(d, ellipsoid(p - vec3(0.03, -0.33, 0.86), vec3(0.70, 1.0, 0.78)), 0.08);
  d = carve(d, ellipsoid(m - vec3(0.85, -0.5, 0.0), vec3(0.4, 0.62, 0.6)), 0.06);
  vec3 bun = p - vec3(0.12, 1.26, -0.35);
  d = blend(d, ellipsoid(bun, vec3(0.44, 0.36, 0.42)), 0.07);
  across = atan(p.x - 0.05, p.y - 1.15) * 22.0;
  if (length(bun) < 0.5) across = (bun.y + 0.5 * bun.x) * 34.0 + 4.0 * sin(bun.x * 6.0);
  along = p.z * 1.6;
#endif
  if (d < 0.2) {
    float lock = noise(vec3(across * 0.3, along, 1.0)), strand = noise(vec3(across * 1.7, along * 1.3, 5.0));
    d -= 0.06 * (lock - 0.5) + 0.02 * (strand - 0.5);
  }
  return vec2(d * 0.75, across);
}

float beardAt(vec3 p, float skin) {
  float x = abs(p.x), edge = -0.44 + 0.55 * smoothstep(0.36, 0.68, x);
  float low = smoothstep(edge + 0.07, edge - 0.07, p.y + 0.06 * noise(p * 14.0)) * smoothstep(0.80, 0.72, x);
  float lips = smoothstep(0.0, 0.05, ellipsoid(vec3(p.x, p.y - mouthLine(p.x) + 0.015, p.z - 0.75), vec3(0.26, 0.10, 0.3)));
  return skin - BEARD * low * lips * (0.5 + 0.9 * noise(p * vec3(60, 24, 60)));
}

float glassesAt(vec3 p) {
#if GLASSES
  vec3 g = mirrored(p) - vec3(0.335, 0.0, 0.89);
  g.xz = turn(-0.12) * g.xz;
  float frame = pow(pow(abs(g.x), 3.0) + pow(abs(g.y * 1.18), 3.0), 1.0 / 3.0) - 0.235;
  float d = length(vec2(frame, g.z)) - 0.025;
  d = min(d, capsule(mirrored(p), vec3(0.0, 0.075, 0.95), vec3(0.1, 0.06, 0.92), 0.022, 0.022));
  return min(d, capsule(mirrored(p), vec3(0.58, 0.08, 0.86), vec3(0.86, 0.05, -0.1), 0.024, 0.022));
#else
  return FAR;
#endif
}

int material;
float across;

float map(vec3 p) {
  material = SKIN;
  float d = FAR;
  vec3 h = toHead(p);
  float ball = length(h - vec3(0, 0.2, 0)) - 1.9;
  if (ball < 0.0) {
    vec3 m = mirrored(h);
    d = skinAt(h);
#if HAS_BEARD
    d = beardAt(h, d);
#endif
    vec2 hair = hairAt(h);
    if (hair.x < d) { d = hair.x; material = HAIR; across = hair.y; }
    float eye = length(m - EYE_AT) - EYE_R;
    if (eye < d) { d = eye; material = EYE; }
    float line = mouthLine(h.x);
    float teeth = ellipsoid(vec3(h.x, h.y - line - 0.02, h.z - 0.60), vec3(0.2, 0.06, 0.10));
    if (teeth < d) { d = teeth; material = TEETH; }
    float throat = ellipsoid(h - vec3(0, -0.64, 0.45), vec3(0.22, 0.2, 0.17));
    if (throat < d) { d = throat; material = THROAT; }
    float glass = glassesAt(h);
    if (glass < d) { d = glass; material = GLASS; }
#if EARRINGS
    float ring = length(m - vec3(0.88, -0.38, -0.06)) - 0.045;
    if (ring < d) { d = ring; material = METAL; }
#endif
  } else d = ball + 0.2;
  float neck = neckAt(p);
  if (material == SKIN) d = blend(d, neck, 0.12); else if (neck < d) { d = neck; material = SKIN; }
  float cloth = clothAt(p);
  if (cloth < d) { d = cloth; material = CLOTH; }
  float shirt = shirtAt(p);
  if (shirt < d) { d = shirt; material = CLOTH; }
  return d;
}

vec3 normalAt(vec3 p) {
  vec3 n = vec3(0);
  for (int i = min(0, int(size.x)); i < 4; i++) {
    vec3 e = 0.5773 * (2.0 * vec3(((i + 3) >> 1) & 1, (i >> 1) & 1, i & 1) - 1.0);
    n += e * map(p + 0.0015 * e);
  }
  return normalize(n);
}

float shadow(vec3 p, vec3 l) {
  float s = 1.0, t = 0.03;
  for (int i = min(0, int(size.x)); i < 22; i++) {
    float d = map(p + l * t);
    s = min(s, 0.5 + 4.5 * d / t);
    t += clamp(d, 0.03, 0.25);
    if (s < 0.02 || t > 3.5) break;
  }
  s = clamp(s, 0.0, 1.0);
  return s * s * (3.0 - 2.0 * s);
}

float occlusion(vec3 p, vec3 n) {
  float o = 0.0, w = 1.0;
  for (int i = min(0, int(size.x)); i < 5; i++) {
    float h = 0.02 + 0.11 * float(i);
    o += (h - map(p + n * h)) * w;
    w *= 0.72;
  }
  return clamp(1.0 - 0.9 * o, 0.0, 1.0);
}

float discs(vec2 uv, float scale, float seed, float share) {
  vec2 g = uv * scale;
  float sum = 0.0;
  for (int y = -1; y <= 1; y++) for (int x = -1; x <= 1; x++) {
    vec2 c = floor(g) + vec2(x, y);
    float a = hash(vec3(c, seed)), b = hash(vec3(c, seed + 11.0)), k = hash(vec3(c, seed + 23.0));
    float r = 0.42 + 0.3 * k, l = length(g - c - vec2(a, b));
    sum += step(1.0 - share, k) * smoothstep(r, r - 0.08, l) * (0.6 + 0.4 * smoothstep(r - 0.3, r, l)) * (0.3 + 0.7 * b);
  }
  return sum;
}

vec3 background(vec2 uv) {
#if SCENE == 0 // trees in the evening sun
  float leaves = fbm(vec3(uv * 1.6 + 3.0, 1.0));
  vec3 c = mix(vec3(0.05, 0.09, 0.03), vec3(0.30, 0.36, 0.10), smoothstep(0.25, 0.75, leaves));
  c = mix(c, vec3(1.25, 0.85, 0.42), 0.8 * smoothstep(1.5, 0.1, length(uv - vec2(-0.65, 0.75))));
  c = mix(c, vec3(0.10, 0.09, 0.04), smoothstep(-0.2, -1.0, uv.y));
  return c + vec3(0.9, 0.72, 0.30) * 0.45 * discs(uv, 2.6, 1.0, 0.45) * smoothstep(-0.6, 0.7, uv.y) + vec3(0.5, 0.6, 0.2) * 0.14 * discs(uv, 3.8, 2.0, 0.5);
#elif SCENE == 1 // a street at dusk
  vec3 c = mix(vec3(0.10, 0.13, 0.20), vec3(0.34, 0.44, 0.62), smoothstep(-0.7, 1.1, uv.y));
  float houses = smoothstep(0.25, 0.45, abs(uv.x + 0.15) - 0.25 * uv.y + 0.15);
  c = mix(c, vec3(0.07, 0.08, 0.11), 0.75 * houses);
  c += vec3(1.0, 0.62, 0.25) * 0.55 * discs(uv + 3.0, 2.9, 3.0, 0.36) * smoothstep(0.8, -0.1, abs(uv.y - 0.1));
  return c + vec3(0.4, 0.65, 1.0) * 0.22 * discs(uv, 2.2, 8.0, 0.3) + vec3(1.0, 0.2, 0.15) * 0.3 * discs(uv + 9.0, 3.3, 5.0, 0.14) * smoothstep(0.3, -0.3, uv.y);
#elif SCENE == 2 // a bright room
  vec3 c = mix(vec3(0.55, 0.47, 0.40), vec3(0.82, 0.77, 0.70), smoothstep(-1.0, 1.0, uv.y));
  float window = smoothstep(0.3, 0.05, abs(uv.x - 0.75) - 0.32) * smoothstep(0.2, -0.1, abs(uv.y - 0.5) - 0.75);
  c = mix(c, vec3(1.25, 1.30, 1.32), window * (0.65 + 0.35 * smoothstep(0.02, 0.12, abs(uv.x - 0.78))));
  float plant = smoothstep(0.45, 0.75, fbm(vec3(uv * 2.2, 4.0)) + 0.55 - length((uv - vec2(-0.85, 0.0)) * vec2(1.0, 0.7)));
  return mix(c, vec3(0.10, 0.19, 0.10), 0.85 * plant) - 0.12 * smoothstep(-0.3, -1.0, uv.y);
#elif SCENE == 3 // a studio backdrop
  float l = smoothstep(1.7, 0.0, length(uv - vec2(0.25, 0.15)));
  return mix(vec3(0.045, 0.05, 0.058), vec3(0.36, 0.38, 0.41), l) * (0.9 + 0.2 * fbm(vec3(uv * 2.0, 2.0)));
#else // the sea
  vec3 c = mix(vec3(0.16, 0.34, 0.42), vec3(0.58, 0.74, 0.86), smoothstep(-0.16, 0.04, uv.y + 0.1));
  c = mix(c, vec3(0.95, 0.88, 0.78), 0.75 * smoothstep(0.75, 0.0, abs(uv.y + 0.02)) * smoothstep(-0.05, 0.1, uv.y + 0.1));
  c = mix(c, vec3(0.72, 0.60, 0.44), smoothstep(-0.55, -0.85, uv.y));
  return c + 0.22 * discs(uv * vec2(1.0, 1.8), 3.6, 6.0, 0.4) * smoothstep(0.12, 0.0, abs(uv.y + 0.3) - 0.12);
#endif
}

const vec3 KEY = normalize(vec3(-0.62, 0.5, 0.74)), RIM = normalize(vec3(0.75, 0.45, -0.6));

vec3 ambient(vec3 n) { return mix(GROUND, SKY, 0.5 + 0.5 * n.y) ; }

vec3 reflection(vec3 r, float gloss) {
  float window = smoothstep(0.90 - 0.06 / gloss, 0.93, dot(r, KEY));
  return ambient(r) * 0.6 + KEY_COLOR * 3.0 * window;
}

/** Returns the color of the skin, including lips, cheeks, eyebrows, and freckles. */
vec3 skinColor(vec3 h, inout float gloss) {
  vec3 m = mirrored(h), c = TONE;
  c *= 0.92 + 0.16 * fbm(h * 9.0);
  c *= 1.0 - FRECKLES * smoothstep(0.70, 0.80, noise(h * 52.0)) * smoothstep(0.55, 0.1, length(m - vec3(0.25, -0.2, 0.8)));
  vec3 flush = c * vec3(1.02, 0.74, 0.72);
  c = mix(c, flush, 0.75 * smoothstep(0.34, 0.0, length(m - vec3(0.42, -0.25, 0.6))));
  c = mix(c, flush, 0.6 * smoothstep(0.2, 0.0, length(h - vec3(0, -0.28, 0.98))));
  c = mix(c, flush, 0.8 * smoothstep(0.12, 0.3, abs(h.x) - 0.6) * step(h.y, 0.3));
  float line = mouthLine(h.x), open = MOUTH * max(0.0, 1.0 - h.x * h.x * 22.0);
  float bow = 0.075 - 1.1 * h.x * h.x - 0.022 * smoothstep(0.05, 0.0, abs(h.x));
  float up = h.y - line - bow, low = line - 0.105 - open * 1.05 + 1.9 * h.x * h.x - h.y;
  float lips = smoothstep(0.018, -0.012, max(max(up, low), abs(h.x) - 0.255)) * step(0.5, h.z);
  c = mix(c, LIPS * (0.9 + 0.2 * noise(h * vec3(60, 8, 8))), 0.85 * lips);
  gloss = mix(gloss, 1.6, lips);
  float inside = smoothstep(0.022, 0.0, abs(h.y - line + 0.004) + 0.3 * max(0.0, abs(h.x) - 0.2)) * lips;
  c *= 1.0 - 0.6 * inside * (1.0 - smoothstep(0.0, 0.1, MOUTH));
  // The eyebrows: short hairs along an arc.
  float t = (m.x - 0.12) / 0.44, arc = 0.255 + 0.075 * sin(clamp(t, 0.0, 1.0) * 2.2 + 0.25);
  float wide = 0.043 * smoothstep(-0.08, 0.15, t) * smoothstep(1.12, 0.45, t);
  float hairs = 0.55 + 0.6 * noise(vec3((m.x * 0.7 - m.y * 0.8 * (1.0 - t)) * 90.0, m.y * 14.0, 2.0));
  float brow = smoothstep(wide + 0.008, wide * 0.35, abs(m.y - arc)) * step(0.001, wide) * step(0.3, h.z);
  c = mix(c, BROW, clamp(brow * hairs * 1.1, 0.0, 0.93));
  // The eyelashes and the shadow above the eye.
  vec3 e = m - EYE_AT;
  float upper = dot(e, normalize(vec3(-0.10 * e.x / EYE_R, 1, -UPPER))), lower = dot(e, normalize(vec3(0, -1, -0.30)));
  float shell = smoothstep(0.05, 0.02, abs(length(e) - EYE_R - 0.01));
  c = mix(c, vec3(0.02, 0.013, 0.01), shell * LASHES * smoothstep(0.034, 0.012, abs(upper)) * step(-0.1, e.y) * step(0.0, e.z));
  c = mix(c, c * vec3(0.75, 0.5, 0.45), 0.6 * shell * smoothstep(0.02, 0.0, abs(lower)));
  c *= 1.0 - 0.2 * smoothstep(0.13, 0.0, abs(length(e.xy - vec2(0, 0.02)) - EYE_R * 0.95)) * smoothstep(0.0, 0.1, e.y) * step(0.0, e.z);
  return c;
}

vec3 eyeColor(vec3 h, vec3 view, out float iris) {
  vec3 c = EYE_AT * vec3(sign(h.x), 1, 1);
  vec3 n = normalize(h - c), look = normalize(view + vec3(0, 0, 0.6));
  float a = acos(clamp(dot(n, look), -1.0, 1.0));
  float fibers = noise(vec3(atan(dot(n, vec3(0, 1, 0)), n.x - look.x) * 14.0, a * 6.0, 3.0));
  vec3 white = vec3(0.78, 0.75, 0.72) - vec3(0.0, 0.10, 0.10) * smoothstep(0.6, 1.2, a);
  vec3 color = IRIS * (0.5 + 0.9 * fibers) * (0.6 + 0.9 * smoothstep(-0.3, 0.4, look.y - n.y));
  color = mix(color, IRIS * 0.15, smoothstep(0.40, 0.50, a));
  color = mix(vec3(0.006), color, smoothstep(0.19, 0.23, a));
  iris = smoothstep(0.53, 0.47, a);
  return mix(white, color, iris);
}

vec3 shade(vec3 p, vec3 rd) {
  int what = material;
  float strand = across;
  vec3 n = normalAt(p), h = toHead(p);
  vec3 view = toHead(p - rd) - h;
  float lit = shadow(p + n * 0.02, KEY), ao = occlusion(p, n);
  float rim = smoothstep(0.0, 0.6, dot(n, RIM)) * pow(1.0 - max(0.0, dot(n, -rd)), 2.0) * ao * ao;
  vec3 halfway = normalize(KEY - rd);
  float fresnel = pow(1.0 - max(0.0, dot(n, -rd)), 5.0);
  vec3 wrap = vec3(0.12), color = vec3(0.5);
  float gloss = 1.0, shine = 0.0, power = 40.0;
  if (what == SKIN) {
    color = skinColor(h, gloss);
    n = normalize(n + 0.05 * (vec3(noise(h * 60.0), noise(h * 60.0 + 9.0), noise(h * 60.0 + 5.0)) - 0.5));
    wrap = vec3(0.50, 0.24, 0.17);
    shine = 0.22 * gloss; power = 22.0 * gloss;
#if HAS_BEARD
    float thick = skinAt(h);
    float beard = clamp((thick - 0.004) / BEARD * 1.6, 0.0, 1.0) * smoothstep(3.2, 1.6, thick / BEARD) * step(h.y, 0.3);
    color = mix(color, HAIR_COLOR * (0.5 + noise(h * vec3(60, 20, 60))), 0.92 * beard);
    wrap = mix(wrap, vec3(0.1), beard);
    shine *= 1.0 - beard;
#endif
  } else if (what == HAIR) {
    float v = 0.6 * noise(vec3(strand * 3.2, h.y * 2.0, 2.0)) + 0.4 * noise(vec3(strand * 8.0, h.y * 2.0, 4.0)), w = noise(vec3(strand * 0.6, h.y, 8.0));
    color = HAIR_COLOR * (0.45 + 0.7 * v + 0.5 * w);
    n = normalize(n + 0.5 * (v - 0.5) * vec3(1, 0, 0.3));
    vec3 along = normalize(cross(n, cross(vec3(0.15, 1, 0.2), n)));
    float t = dot(along, halfway);
    shine = HAIR_SHINE * pow(sqrt(1.0 - t * t), 28.0) * (0.3 + v);
    float ndl = max(0.0, dot(n, KEY) * 0.8 + 0.2);
    vec3 c = color * (KEY_COLOR * ndl * lit + ambient(n) * ao) + mix(vec3(0.5), HAIR_COLOR * 3.0, 0.6) * KEY_COLOR * shine * lit * 0.25;
    return c + (color * 2.0 + 0.06) * RIM_COLOR * rim * (0.5 + v) * 1.4;
  } else if (what == EYE) {
    float iris;
    color = eyeColor(h, normalize(view), iris);
    wrap = vec3(0.3);
    float lids = smoothstep(0.10, -0.08, h.y - 0.03);
    vec3 c = color * (KEY_COLOR * (0.25 + 0.6 * max(0.0, dot(n, KEY))) * mix(0.45, 1.0, lit) + ambient(n) * ao * 0.8) * mix(0.45, 1.0, lids);
    vec3 r = reflect(rd, n);
    vec2 box = abs(vec2(dot(r, normalize(cross(KEY, vec3(0, 1, 0)))), r.y - KEY.y));
    float window = smoothstep(0.20, 0.17, box.x) * smoothstep(0.24, 0.21, box.y) * step(0.0, dot(r, KEY));
    return c + KEY_COLOR * (0.75 * window * (0.35 + 0.65 * iris)) + 0.05 * ambient(r) + 0.06 * fresnel;
  } else if (what == CLOTH) {
    color = CLOTH_COLOR * (0.8 + 0.4 * fbm(p * 26.0));
#if CLOTHES == 1
    if (shirtAt(p) < clothAt(p)) color = vec3(0.66, 0.68, 0.72);
    color *= 0.92 + 0.16 * noise(p * vec3(140, 140, 90));
#elif CLOTHES == 0
    color *= 0.72 + 0.38 * abs(sin(p.x * 30.0)) * (0.8 + 0.2 * sin(p.y * 80.0 + 3.0 * abs(sin(p.x * 30.0))));
#else
    color *= 0.93 + 0.14 * noise(p * vec3(150, 90, 90));
#endif
    wrap = vec3(0.2);
    shine = 0.05; power = 8.0;
    rim *= 0.6;
  } else if (what == GLASS) {
    color = FRAME; shine = 0.8; power = 80.0;
  } else if (what == TEETH) {
    color = vec3(0.72, 0.68, 0.62) * (0.85 + 0.15 * smoothstep(0.0, 0.012, abs(fract(h.x * 14.0) - 0.5) * 0.07)); shine = 0.3; ao *= 0.6;
  } else if (what == METAL) {
    color = vec3(0.85, 0.62, 0.25); shine = 1.5; power = 60.0;
  } else { color = vec3(0.09, 0.015, 0.012); shine = 0.1; }
  float ndl = dot(n, KEY);
  vec3 soft = clamp((vec3(ndl) + wrap) / (1.0 + wrap), 0.0, 1.0);
  vec3 through = what == SKIN ? pow(vec3(lit), vec3(0.65, 1.0, 1.15)) : vec3(lit);
  vec3 occluded = what == SKIN ? pow(vec3(ao), vec3(0.75, 1.1, 1.2)) : vec3(ao);
  vec3 c = color * (KEY_COLOR * soft * soft * (1.6 - 0.6 * soft) * through + ambient(n) * occluded);
  c += color * BOUNCE * max(0.0, dot(n, normalize(vec3(0.7, -0.2, 0.5)))) * occluded;
  c += KEY_COLOR * shine * (pow(max(0.0, dot(n, halfway)), power) * (0.35 + 2.0 * fresnel)) * lit;
  c += ambient(reflect(rd, n)) * fresnel * 0.22 * ao;
  return c + (color + 0.10) * RIM_COLOR * rim;
}

/** Returns the color in linear light, and the coverage. */
vec4 render(vec2 at) {
  vec2 uv = (2.0 * at - size) / size.x;
  vec3 ro = vec3(0, HEIGHT, 9.0), rd = normalize(vec3(uv * ZOOM, -9.0));
  vec3 back = background(uv);
  float t = 6.2, nearest = 9.0;
  bool isHit = false;
  for (int i = min(0, int(size.x)); i < 110; i++) {
    float d = map(ro + rd * t);
    if (d < 0.0015) { isHit = true; break; }
    t += d * 0.85;
    if (t > FAR) break;
  }
  if (!isHit) return vec4(back, 0);
#if MASK
  return vec4(1);
#else
  return vec4(shade(ro + rd * t, rd), 1);
#endif
}

vec3 film(vec3 c) {
  c *= EXPOSURE;
  c = (c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14);
  c = pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2));
  c = mix(c, c * c * (3.0 - 2.0 * c), 0.22);
  return c + 0.018 * (vec3(0.6, 0.5, 0.9) * (1.0 - c) - vec3(0.0, 0.2, 0.6) * c);
}

void main() {
  vec2 at = gl_FragCoord.xy;
  vec4 sum = vec4(0);
  for (int i = 0; i < SAMPLES; i++) {
    vec2 o = SAMPLES == 1 ? vec2(0.5) : 0.25 + 0.5 * vec2(i % 2, (i + i / 2) % 2);
    vec4 s = render(floor(at) + o);
    sum += vec4(film(s.rgb), s.a);
  }
  vec4 c = sum / float(SAMPLES);
  vec2 v = at / size - 0.5;
  c.rgb *= 1.0 - VIGNETTE * dot(v, v);
  float grain = hash(vec3(at, 1.0)) + hash(vec3(at, 2.0)) - 1.0;
  c.rgb += GRAIN * grain;
  #if MASK
  color = vec4(c.aaa, 1);
#else
  color = vec4(c.rgb, 1);
#endif
}
