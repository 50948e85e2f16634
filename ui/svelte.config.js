import adapter from '@sveltejs/adapter-static';

// The program puts WEB_ROOT in the place of this text when it starts (src/web/asset.h names the same).
const base = process.argv.includes('dev') ? '' : '/__spectacles_root__';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: adapter({ fallback: 'index.html' }),
    paths: { base, relative: false },
    version: { name: 'console' }, // the same sources make the same files
    output: { preloadStrategy: 'modulepreload' },
  },
};
