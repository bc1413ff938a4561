// Mountains behind a lake at sunset.
float hash(vec2 p) {
  uvec2 q = uvec2(ivec2(p) + 4096) * uvec2(1597334673u, 3812015801u);
  uint n = (q.x ^ q.y) * 1597334673u;
  n = (n ^ (n >> 15)) * 2246822519u;
  return float(n >> 8) / 16777216.0;
}

float noise(vec2 p) {
  vec2 i = floor(p), f = fract(p), u = f * f * (3.0 - 2.0 * f);
  return mix(mix(hash(i), hash(i + vec2(1, 0)), u.x), mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), u.x), u.y);
}

float fbm(vec2 p) {
  float sum = 0.0, share = 0.5;
  for (int i = 0; i < 7; i++) {
    sum += share * noise(p);
    p = mat2(1.6, 1.2, -1.2, 1.6) * p + 3.0;
    share *= 0.5;
  }
  return sum;
}

const vec2 SUN = vec2(0.28, 0.13);

vec3 sky(vec2 p) {
  float near = length((p - SUN) * vec2(0.8, 1.3));
  vec3 c = mix(vec3(1.0, 0.55, 0.24), vec3(0.16, 0.26, 0.48), smoothstep(0.0, 0.95, p.y + 0.12 * p.x));
  c = mix(c, vec3(0.95, 0.48, 0.38), 0.5 * smoothstep(0.5, 0.15, abs(p.y - 0.32)));
  float cloud = smoothstep(0.46, 0.75, fbm(vec2(p.x * 1.6, p.y * 5.5) + 2.0)) * smoothstep(0.05, 0.4, p.y);
  c = mix(c, mix(vec3(0.42, 0.30, 0.40), vec3(1.25, 0.72, 0.48), smoothstep(0.9, 0.1, near)), 0.75 * cloud);
  return c + vec3(1.6, 0.95, 0.45) * (0.5 * exp(-near * 4.0) + 2.5 * smoothstep(0.055, 0.04, length(p - SUN)));
}

vec3 scene(vec2 p) {
  vec3 c = sky(p), haze = vec3(0.95, 0.58, 0.40);
  for (int i = 0; i < 4; i++) {
    float k = float(i), x = p.x * (0.9 + 0.35 * k) + 5.3 * k;
    float ridge = 0.40 - 0.095 * k + (0.34 - 0.05 * k) * (fbm(vec2(x * 1.3, k)) - 0.55);
    if (i == 3) ridge += 0.035 * abs(fract(x * 26.0 + noise(vec2(x * 40.0))) - 0.5) * noise(vec2(x * 30.0, 1.0));
    float inside = smoothstep(0.0, 0.003, ridge - p.y);
    float slope = fbm(vec2(x, p.y * 2.0) * 5.0 + k) - fbm(vec2(x + 0.03, p.y * 2.0 + 0.02) * 5.0 + k);
    vec3 rock = mix(vec3(0.26, 0.19, 0.26), vec3(0.025, 0.035, 0.04), k / 3.0) * (1.0 + 4.0 * slope * (1.0 - k / 4.0));
    rock = mix(rock, haze, (0.62 - 0.19 * k) * smoothstep(ridge + 0.02, ridge - 0.35, p.y) + 0.30 - 0.1 * k);
    c = mix(c, rock, inside);
  }
  return c;
}

vec3 picture(vec2 at) {
  vec2 p = (2.0 * at - size) / size.y;
  if (p.y > -0.02) return scene(p);
  float depth = -0.02 - p.y;
  vec2 wave = vec2(fbm(vec2(p.x * 2.0, 1.6 / (depth + 0.03)) * 3.0), fbm(vec2(p.x * 3.0 + 9.0, 2.6 / (depth + 0.03)) * 2.0)) - 0.5;
  vec3 c = scene(vec2(p.x, depth) + wave * vec2(0.06, 0.22) * (0.25 + depth));
  c = mix(c * vec3(0.72, 0.74, 0.82), vec3(0.03, 0.06, 0.09), 0.55 * smoothstep(0.0, 1.0, depth));
  float bank = -1.0 + 0.22 * fbm(p * 1.7) + 0.05 * p.x * p.x;
  float stones = fbm(p * 14.0) * fbm(p * 31.0);
  return mix(c, vec3(0.035, 0.03, 0.03) + vec3(0.20, 0.11, 0.06) * stones, smoothstep(0.0, 0.02, bank - p.y));
}

void main() {
  vec3 c = vec3(0);
  for (int i = 0; i < 4; i++) c += picture(floor(gl_FragCoord.xy) + vec2(i % 2, i / 2) * 0.5 + 0.25) / 4.0;
  c = (c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14);
  c = pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2));
  vec2 v = gl_FragCoord.xy / size - 0.5;
  color = vec4(c * (1.0 - 0.6 * dot(v, v)) + 0.012 * (hash(gl_FragCoord.xy) - 0.5), 1);
}
