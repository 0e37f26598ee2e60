using System.Reflection;
using BoxOffice.Grains.Events;

namespace BoxOffice.Grains.Tests;

/// <summary>Front-ends and silos of two versions work side by side while a cluster is upgraded.</summary>
public sealed class WireNamesTests
{
    [Theory]
    [InlineData(typeof(IReserveBatchGrain), "BoxOffice.ISiloDoorGrain")]
    [InlineData(typeof(IBatchedEventGrain), "BoxOffice.IJoinedEventGrain")]
    [InlineData(typeof(EventCalls), "BoxOffice.EventCalls")]
    [InlineData(typeof(BatchAnswer), "BoxOffice.JoinedAnswer")]
    public void A_type_keeps_the_name_that_the_version_before_knows(Type type, string name) =>
        Assert.Equal(name, type.GetCustomAttribute<AliasAttribute>()!.Alias);

    [Theory]
    [InlineData(typeof(IReserveBatchGrain), nameof(IReserveBatchGrain.Reserve), "Reserve")]
    [InlineData(typeof(IReserveBatchGrain), nameof(IReserveBatchGrain.Pending), "Late")]
    [InlineData(typeof(IBatchedEventGrain), nameof(IBatchedEventGrain.Reserve), "Reserve")]
    public void A_method_keeps_the_name_that_the_version_before_knows(Type type, string method, string name) =>
        Assert.Equal(name, type.GetMethod(method)!.GetCustomAttribute<AliasAttribute>()!.Alias);

    [Theory]
    [InlineData(nameof(BatchAnswer.Results), 0)]
    [InlineData(nameof(BatchAnswer.Failure), 1)]
    [InlineData(nameof(BatchAnswer.PendingId), 2)]
    public void A_field_keeps_its_number(string field, uint id) =>
        Assert.Equal(id, typeof(BatchAnswer).GetProperty(field)!.GetCustomAttribute<IdAttribute>()!.Id);

    [Fact]
    public void The_grain_that_takes_batches_keeps_its_type() =>
        Assert.Equal(
            "silo-door",
            typeof(ReserveBatchGrain).GetCustomAttribute<GrainTypeAttribute>()!.GetGrainType(null!, null!).ToString());
}
