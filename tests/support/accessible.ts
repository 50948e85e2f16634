// What the accessibility checker says of a page, in both colour schemes.
import assert from 'node:assert/strict';
import { type Tab, schemes } from './browser.ts';

// The page as it is now, with the dialog that is open.
export async function expectAccessible(tab: Tab): Promise<void> {
  for (const scheme of schemes) {
    await tab.page.emulateMedia({ colorScheme: scheme });
    assert.deepEqual(await tab.violations(), [], `${tab.page.url()} in ${scheme}`);
  }
}
