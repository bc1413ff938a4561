// The only module that imports mediabunny. It imports only what is used, so that the bundler can omit the rest. This
// module is always imported with `import()`, so it becomes a separate chunk that is loaded with the first container
// file.
import { Logging, LogLevel } from 'mediabunny';

export {
  CustomSource,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  MATROSKA,
  MP4,
  Mp4OutputFormat,
  OGG,
  Output,
  QTFF,
  StreamTarget,
  WEBM,
  WebMOutputFormat,
} from 'mediabunny';

// mediabunny's warnings about files don't belong in the extension host's console.
Logging.level = LogLevel.Silent;
