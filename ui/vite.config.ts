import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { type Plugin, defineConfig } from 'vite';

// The kit tells screen readers the title of each page in an element that it hides by a style attribute, which the policy of
// the console refuses. The class hides it as well.
const announcerWithoutStyle: Plugin = {
  name: 'announcer-without-style',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('/generated/root.svelte')) return;
    const styled = /(id="svelte-announcer"[^>]*) style="[^"]*"/;
    if (!styled.test(code)) throw new Error('the kit writes its announcer otherwise now: see vite.config.ts');
    return { code: code.replace(styled, '$1 class="sr-only"'), map: null };
  },
};

// Many small files pack badly and each asks for a request of its own: what every page needs is one, and what many share
// another, so that a first load is a tenth smaller than in the pieces that the bundler would cut.
const frame = /node_modules\/(svelte|esm-env|clsx|devalue|@sveltejs\/kit|@tanstack)\//;
const groups = [
  { name: 'frame', test: frame },
  { name: 'shared', minShareCount: 8 },
];

export default defineConfig({
  build: { rolldownOptions: { output: { codeSplitting: { groups } } } },
  plugins: [announcerWithoutStyle, tailwindcss(), sveltekit()],
  // `npm run dev` speaks to a program that runs beside it.
  server: { proxy: { '/api': 'http://localhost:5050' } },
});
