// An image as a folder (`dir:`) that skopeo copies from.
import { Buildah } from './containers.ts';
import { imageContext } from './docker.ts';
import { temporaryFolder } from './process.ts';

// Built from scratch, so that no hub is needed; it prints "hello world".
export async function helloWorldImage(): Promise<string> {
  const folder = temporaryFolder('hello-world');
  const buildah = new Buildah();
  for (const step of [
    await buildah.build('localhost/hello-world', imageContext('hello world')),
    await buildah.run(['push', 'localhost/hello-world', `dir:${folder}`]),
  ]) {
    if (step.code !== 0) throw new Error(step.text);
  }
  return folder;
}
