export { ToolRefusal, type Toolset, toolServer } from './tool-server.ts';
export { TOOLS, type ToolName } from './tools.generated.ts';
