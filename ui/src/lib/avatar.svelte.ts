// Pictures are asked for again after one was changed here.
export const avatars = $state({ version: 0 });
