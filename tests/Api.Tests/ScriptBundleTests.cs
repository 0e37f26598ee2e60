using BoxOffice.Pages;

namespace BoxOffice.Api.Tests;

public sealed class ScriptBundleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("boxoffice-script-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_module_is_there_once_after_those_that_it_imports()
    {
        Write("a.js", "import { c } from './c.js';\nimport { b as other } from './b.js';\nc(other);\n");
        Write("b.js", "import { c } from './c.js';\nexport const b = c;\n");
        Write("c.js", "// says it\nexport function c() {}\n");

        var bundle = ScriptBundle.Of(_folder, "a.js");

        Assert.Equal(
            """
            // --- c.js
            const $m1 = (() => {
            // says it
            function c() {}
            return { c };
            })();

            // --- b.js
            const $m2 = (() => {
            const { c } = $m1;
            const b = c;
            return { b };
            })();

            // --- a.js
            const $m3 = (() => {
            const { c } = $m1;
            const { b: other } = $m2;
            c(other);
            return {  };
            })();


            """.ReplaceLineEndings("\n"), bundle);
    }

    [Fact]
    public void A_library_may_export_its_default_at_its_end()
    {
        Write("a.js", "import plot from './lib.js';\nplot();\n");
        Write("lib.js", "function draw() {}\nexport { draw as default };\n");

        var bundle = ScriptBundle.Of(_folder, "a.js");

        Assert.Contains("return { default: draw };", bundle, StringComparison.Ordinal);
        Assert.Contains("const { default: plot } = $m1;", bundle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("import { b } from './b.js'; export const a = b;", "import { a } from './a.js';", "circle")]
    [InlineData("import { b } from './b.js';", "export let b = 1;", "only functions, classes and constants")]
    [InlineData("import { b } from './b.js';", "export default 1;", "export a declaration by its name")]
    [InlineData("export { b } from './b.js';", "export const b = 1;", "export a declaration by its name")]
    [InlineData("import * as all from './b.js';", "export const b = 1;", "import names instead of *")]
    [InlineData("const b = await import('./b.js');", "", "neither import() nor import.meta")]
    [InlineData("const b = import.meta.url;", "", "neither import() nor import.meta")]
    [InlineData("await 1;", "", "")]
    [InlineData("import { b } from './nothing.js';", "", "there is no ./nothing.js")]
    [InlineData("const = 1;", "", "a.js")]
    public void What_could_not_be_joined_faithfully_is_refused(string a, string b, string why)
    {
        Write("a.js", a);
        Write("b.js", b);

        var failure = Assert.Throws<PageException>(() => ScriptBundle.Of(_folder, "a.js"));

        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
