using System.Reflection;
using System.Runtime.Loader;
using BoxOffice.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

namespace BoxOffice.Clients.Tests;

/// <summary>A client in C#, as NSwag makes it from the served document.</summary>
public sealed class CSharpClientTests(ServedDocument served)
{
    [Fact]
    public async Task A_generated_client_compiles_sells_and_is_refused_with_codes_that_it_knows()
    {
        var client = await GenerateAsync(served.Json);
        var sale = await File.ReadAllTextAsync(ProgramProcess.InRepository("tests/Clients.Tests/CSharp/Sale.cs"));

        var run = Compile(client, sale).GetType("Sale")!.GetMethod("RunAsync")!;

        await run.CreateDelegate<Func<Uri, string, Task>>()(served.Host.Url, BoxOfficeHost.OperatorPassword);
    }

    private static async Task<string> GenerateAsync(string json)
    {
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "BoxOfficeClient",
            UseBaseUrl = false, // the HttpClient has it
            CSharpGeneratorSettings = { Namespace = "Generated", GenerateNullableReferenceTypes = true },
        };
        return new CSharpClientGenerator(await OpenApiDocument.FromJsonAsync(json), settings).GenerateFile();
    }

    private static Assembly Compile(params string[] sources)
    {
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "BoxOffice.GeneratedClient",
            sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            platform.Select(assembly => MetadataReference.CreateFromFile(assembly)),
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        var errors = result.Diagnostics.Where(found => found.Severity == DiagnosticSeverity.Error);
        Assert.True(result.Success, string.Join('\n', errors));
        image.Position = 0;
        return AssemblyLoadContext.Default.LoadFromStream(image);
    }
}
