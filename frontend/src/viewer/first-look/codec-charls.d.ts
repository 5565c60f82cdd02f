declare module "@cornerstonejs/codec-charls/decodewasmjs" {
  interface JpegLsDecoder {
    /** Where the encoded frame is to be written. */
    getEncodedBuffer(length: number): Uint8Array;
    decode(): void;
    getDecodedBuffer(): Uint8Array;
    getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number };
    delete(): void;
  }
  interface Charls {
    JpegLSDecoder: new () => JpegLsDecoder;
  }
  export default function charls(options: { locateFile: (name: string) => string }): Promise<Charls>;
}
