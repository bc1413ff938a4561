/** Bundled by esbuild into `form.css`. */
declare module '*.css';
