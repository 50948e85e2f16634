import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [tailwindcss(), sveltekit()],
  // `npm run dev` speaks to a program that runs beside it.
  server: { proxy: { '/api': 'http://localhost:5050' } },
});
