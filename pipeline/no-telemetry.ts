/**
 * onnxruntime reports to its maker unless this is set before its library is loaded (decision 026): so this module comes first
 * in the one that imports it. Processes that are started later inherit it.
 */
process.env['ORT_DISABLE_TELEMETRY'] = '1';
