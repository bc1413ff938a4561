@rem Passed to @vscode/test-electron instead of desktop VS Code; takes the same flags (see launcher.ts).
@"%~dp0..\..\node_modules\node\bin\node.exe" "%~dp0launcher.ts" %*
