export { generatedFiles } from './generated-files.ts';
export { buildDocument } from './openapi/build-document.ts';
