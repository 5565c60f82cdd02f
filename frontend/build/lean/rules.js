const unread = new Proxy(
  {},
  {
    get() {
      throw new Error("the library's rules for whole studies are not bundled: the protocol says what hangs");
    },
  },
);

export { unread as compiledDisplaySetRules, unread as defaultDisplaySetSplitRules };
